import { setImmediate as nextTurn } from "node:timers/promises";
import type { Timing } from "./timing.ts";

export interface VirtualTiming extends Timing {
  /** Every sleep that was asked for, in milliseconds, in order. */
  readonly sleeps: number[];
  /** Moves the clock, waking sleepers in order, and lets everything that they start settle. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands until it is moved. With `hurry`, each sleep moves it by itself. */
export function virtualTiming(options: { random?: () => number; hurry?: boolean } = {}): VirtualTiming {
  let nowMs = 1_700_000_000_000;
  const sleepers = new Set<{ wakeAtMs: number; wake: () => void }>();
  const sleeps: number[] = [];
  return {
    sleeps,
    nowMs: () => nowMs,
    random: options.random ?? (() => 0.5),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      if (options.hurry) {
        nowMs += ms;
        await nextTurn();
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const sleeper = { wakeAtMs: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        });
      });
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const due = [...sleepers]
          .filter((sleeper) => sleeper.wakeAtMs <= endMs)
          .toSorted((a, b) => a.wakeAtMs - b.wakeAtMs)[0];
        if (!due) break;
        nowMs = Math.max(nowMs, due.wakeAtMs);
        sleepers.delete(due);
        due.wake();
        await nextTurn();
      }
      nowMs = endMs;
      await nextTurn();
    },
  };
}
