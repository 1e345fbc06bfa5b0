import { setTimeout as sleep } from "node:timers/promises";

/** How long to wait for a condition, and what to say when it does not come. */
export interface Wait {
  readonly timeoutMs: number;
  /** Completes the sentence "Waited 5000 ms for …". */
  readonly what: string;
  /** Pause between two looks; 25 if left out. */
  readonly intervalMs?: number;
}

/**
 * Looks until `look` returns something else than undefined or false, and returns that.
 *
 * @throws when that does not happen within `timeoutMs`, with the last error that looking threw as its cause
 */
export async function eventually<T>(look: () => T | Promise<T>, wait: Wait): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + wait.timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) break;
    await sleep(wait.intervalMs ?? 25);
  }
  const why = lastError instanceof Error ? `: ${lastError.message}` : "";
  throw new Error(`Waited ${wait.timeoutMs} ms for ${wait.what}${why}`, { cause: lastError });
}
