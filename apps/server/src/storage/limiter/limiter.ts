/**
 * Counts what callers do, to slow down those who do too much. A bound that is reached costs its caller nothing but the question: what asks too often is only told
 * how long to wait. Bounded in memory; whom it forgets starts afresh.
 */
export interface Limiter {
  /** Takes `cost` (1 by default) off what the caller `key` may still do. Answers 0, or how many milliseconds to wait before trying again; then nothing was taken. */
  take(key: string, cost?: number): number | Promise<number>;
}

/** How much is let through. */
export interface Rate {
  readonly perSecond: number;
  /** How much may come at once after a rest. */
  readonly burst: number;
}
