import { randomBytes } from "node:crypto";
import type { Clock, Entropy } from "./clock.ts";

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    }),
  breathe: breather(),
};

/** So long others may wait for their turn. */
const breathMs = 50;

/** A question to a thread whose answer is there already gives nobody else a turn: a first look at 200,000 files went on for 20 s without a timer, or a command, being heard. */
export function breather(monotonicMs = (): number => performance.now()): () => Promise<void> {
  let lastMs = monotonicMs();
  return async () => {
    if (monotonicMs() - lastMs < breathMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    lastMs = monotonicMs();
  };
}

export const systemEntropy: Entropy = { bytes: (count) => randomBytes(count) };
