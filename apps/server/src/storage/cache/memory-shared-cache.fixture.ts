import { maxSharedAnswer, type SharedCache } from "./shared-cache.ts";

/** A shared cache in memory, for tests: `failing` makes it one that can't be reached. */
export function memorySharedCache(nowMs: () => number = Date.now) {
  const kept = new Map<string, { answer: string; untilMs: number }>();
  const promises = new Map<string, symbol>();
  const counts = { hits: 0, misses: 0, failures: 0 };
  const state = { failing: false };
  const cache: SharedCache = {
    async getOrFill({ key, timeToLiveMs, isGood = () => true, fill }) {
      if (state.failing) {
        counts.failures += 1;
        return fill();
      }
      const known = kept.get(key);
      if (known && known.untilMs > nowMs() && isGood(known.answer)) {
        counts.hits += 1;
        return known.answer;
      }
      counts.misses += 1;
      const promise = Symbol(key);
      promises.set(key, promise);
      kept.delete(key);
      const answer = await fill();
      if (promises.get(key) === promise && answer.length <= maxSharedAnswer)
        kept.set(key, { answer, untilMs: nowMs() + timeToLiveMs });
      return answer;
    },
    async invalidate(keys) {
      if (state.failing) return keys.length === 0;
      for (const key of keys) {
        kept.delete(key);
        promises.delete(key);
      }
      return true;
    },
    settled: () => undefined,
    statistics: () => ({ ...counts }),
    close: async () => {},
  };
  return { cache, kept, state };
}
