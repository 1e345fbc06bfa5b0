/** What the server core takes from the machine, so that a simulation can give it something else. */
export interface Host {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Unpredictable in production, seeded in a simulation. */
  randomBytes(count: number): Uint8Array;
  /** Runs `task` once, later; returns what cancels it. Never keeps the process alive. */
  after(delayMs: number, task: () => void): () => void;
}
