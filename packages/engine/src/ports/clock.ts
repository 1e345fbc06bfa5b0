/** Time, passed in so that a simulation can hold it. */
export interface Clock {
  /** Milliseconds since 1970. May jump. */
  nowMs(): number;
  /** Resolves after that time, or at once when the signal is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Lets timers and requests have their turn now and then, for whoever goes on and on; mostly resolves at once. A simulation has none, where everything takes time.
   */
  breathe?(): Promise<void>;
}

/** Random numbers, passed in so that a simulation can repeat them. */
export interface Entropy {
  bytes(count: number): Uint8Array;
}
