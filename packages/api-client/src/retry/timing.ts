/** Time and chance, passed in so that a virtual clock and a seed can stand for them. */
export interface Timing {
  nowMs(): number;
  /** Rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, below 1. */
  random(): number;
}

/** The machine's own clock and random numbers. */
export const systemTiming: Timing = {
  nowMs: () => Date.now(),
  sleep,
  random: () => Math.random(),
};

/** Of the language's hosts in common, so that it runs in a browser, too. */
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const timer = setTimeout(end, ms);
  signal?.addEventListener("abort", end);
  await promise;
  clearTimeout(timer);
  // The signal may live as long as the program, and must not gather one listener for each sleep.
  signal?.removeEventListener("abort", end);
  signal?.throwIfAborted();
}
