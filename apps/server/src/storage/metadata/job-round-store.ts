/** The last round of a job, whichever process did it. */
export interface JobRound {
  readonly name: string;
  readonly beganAtMs: number;
  /** Null while it goes on, or where the process died in its midst. */
  readonly endedAtMs: number | null;
  /** Why it failed; null where it didn't, or goes on. */
  readonly error: string | null;
  /** When the next one is due; null while this one goes on. */
  readonly dueAtMs: number | null;
}

/** What became of the rounds of jobs, for people who look: nothing depends on it. */
export interface JobRoundStore {
  begin(round: Pick<JobRound, "name" | "beganAtMs">): Promise<void>;
  /** Nothing happens where another round has begun since. */
  end(round: JobRound): Promise<void>;
  /** By name. */
  list(): Promise<JobRound[]>;
}
