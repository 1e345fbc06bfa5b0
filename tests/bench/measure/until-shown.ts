import { setTimeout as sleep } from "node:timers/promises";

/** Looking costs a few microseconds; pauses of about 1 % of the time so far keep it from mattering. */
const MIN_PAUSE_MS = 1;
const MAX_PAUSE_MS = 20;

/** Milliseconds from `startedMs` (of `performance.now()`) until `shown` is true; undefined if not within `limitMs`. */
export async function untilShown(
  shown: () => boolean,
  startedMs: number,
  limitMs: number,
): Promise<number | undefined> {
  for (;;) {
    const isShown = shown();
    const elapsedMs = performance.now() - startedMs;
    if (isShown) return elapsedMs;
    if (elapsedMs > limitMs) return undefined;
    await sleep(Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, elapsedMs / 100)));
  }
}
