/** What a job takes and returns, and what it asks its caller on the way. All of it has to cross threads. */
export interface JobShape {
  readonly input: unknown;
  readonly question: unknown;
  readonly answer: unknown;
  readonly result: unknown;
}

/** A job that asks nothing. */
export interface PlainJob<Input, Result> extends JobShape {
  readonly input: Input;
  readonly question: never;
  readonly answer: never;
  readonly result: Result;
}

/** What a running job has of its surroundings, in the worker. */
export interface JobContext<Job extends JobShape> {
  /** The synced folder, absolute. */
  readonly root: string;
  /** Asks the caller, and waits. @throws when the job was aborted, or the caller failed to answer */
  ask(question: Job["question"], transfer?: readonly ArrayBuffer[]): Promise<Job["answer"]>;
  /** A buffer in the result goes over to the caller, uncopied. */
  giveAway(buffer: ArrayBuffer): void;
  /** Lets the worker's other jobs have a turn. @throws when the job was aborted */
  breathe(): Promise<void>;
}

export type JobHandler<Job extends JobShape> = (
  input: Job["input"],
  context: JobContext<Job>,
) => Job["result"] | Promise<Job["result"]>;

/** What a job's caller has to say. */
export interface RunOptions<Job extends JobShape> {
  /** Answers the job's questions. When it fails, the job is aborted and fails with its error. */
  readonly answer?: (
    question: Job["question"],
  ) => Promise<{ answer: Job["answer"]; transfer?: readonly ArrayBuffer[] }>;
  readonly transfer?: readonly ArrayBuffer[];
  /** It is one of several that are to run side by side, each with so much to do that a thread of its own is worth starting. */
  readonly isShare?: boolean;
  readonly signal?: AbortSignal | undefined;
}
