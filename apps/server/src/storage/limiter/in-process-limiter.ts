import type { Limiter, Rate } from "./limiter.ts";

/**
 * Token buckets in this process's memory, each kept as one number: the time at which it would be full again (the generic cell rate algorithm, ITU-T I.371). One look into a
 * map for each question, and no timer.
 */
export function createInProcessLimiter(options: {
  readonly rate: Rate;
  /** How many callers are remembered; the longest unseen are forgotten first. At least half as many. */
  readonly maxKeys: number;
  readonly nowMs: () => number;
}): Limiter {
  const { rate, maxKeys, nowMs } = options;
  const msEach = 1000 / rate.perSecond;
  const burstMs = rate.burst * msEach;
  // Two generations: when the young one is full it becomes the old one, and what nobody asked about since goes with the one before. Deleting the
  // oldest key of one map, each time, takes V8 a walk over all that were deleted before.
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    take(key, cost = 1) {
      const now = nowMs();
      // A clock that went back must not lock anybody out for longer than an empty bucket does.
      const full = Math.min(Math.max(young.get(key) ?? old.get(key) ?? 0, now), now + burstMs);
      const next = full + cost * msEach;
      if (next > now + burstMs) return Math.ceil(next - now - burstMs);
      young.set(key, next);
      if (young.size * 2 >= maxKeys) {
        old = young;
        young = new Map();
      }
      return 0;
    },
  };
}
