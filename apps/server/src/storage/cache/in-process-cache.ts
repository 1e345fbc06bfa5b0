import type { Cache } from "./cache.ts";

interface Remembered<Value> {
  readonly answer: Promise<Value>;
  value: Value | undefined;
  expiresAtMs: number;
}

/** A cache in this process's memory, which forgets the longest unrenewed entries first. */
export function createInProcessCache<Value>(options: {
  readonly timeToLiveMs: number;
  readonly maxEntries: number;
  readonly nowMs: () => number;
}): Cache<Value> {
  const entries = new Map<string, Remembered<Value>>();

  function remember(key: string, fill: () => Promise<Value>): Promise<Value> {
    const entry: Remembered<Value> = {
      answer: fill(),
      value: undefined,
      expiresAtMs: options.nowMs() + options.timeToLiveMs,
    };
    entries.delete(key);
    entries.set(key, entry);
    const oldest = entries.keys().next();
    if (entries.size > options.maxEntries && !oldest.done) entries.delete(oldest.value);
    entry.answer.then(
      (value) => {
        entry.value = value;
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    return entry.answer;
  }

  return {
    async getOrFill(key, fill) {
      const known = entries.get(key);
      return known !== undefined && known.expiresAtMs > options.nowMs() ? known.answer : remember(key, fill);
    },
    invalidate(key) {
      entries.delete(key);
    },
    invalidateWhere(fits) {
      // A fill that is under way may be about any value: dropping it costs one more question.
      for (const [key, { value }] of entries) if (value === undefined || fits(value)) entries.delete(key);
    },
  };
}
