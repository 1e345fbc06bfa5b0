import type { Cache } from "./cache.ts";
import type { SharedCache } from "./shared-cache.ts";

/**
 * This process's memory before one that is shared: what neither knows is asked, and then known to all processes. An invalidation takes effect in this process at once, whatever becomes of the shared memory: where nobody can say that it forgot, and where
 * it can't be told which keys are meant, it isn't asked until all that it may hold has expired.
 */
export function layerCaches<Value>(options: {
  readonly local: Cache<Value>;
  readonly shared: SharedCache;
  /** Before each key; no two caches have the same. */
  readonly prefix: string;
  readonly timeToLiveMs: number;
  readonly nowMs: () => number;
}): Cache<Value> {
  const { local, shared, prefix, timeToLiveMs, nowMs } = options;
  let distrustedUntilMs = 0;
  const distrust = (): void => {
    distrustedUntilMs = nowMs() + timeToLiveMs;
  };

  async function ask(key: string, fill: () => Promise<Value>): Promise<Value> {
    if (nowMs() < distrustedUntilMs) return fill();
    const text = await shared.getOrFill({
      key: prefix + key,
      timeToLiveMs,
      fill: async () => encode(await fill()),
    });
    return decode<Value>(text);
  }

  return {
    getOrFill: (key, fill) => local.getOrFill(key, () => ask(key, fill)),
    invalidate(key) {
      local.invalidate(key);
      const unsure = (): void => {
        distrust();
        local.invalidate(key);
      };
      shared.invalidate([prefix + key]).then((isSure) => (isSure ? undefined : unsure()), unsure);
    },
    invalidateWhere(fits) {
      distrust();
      local.invalidateWhere(fits);
    },
  };
}

/** An answer may be that there is nothing, which JSON has no word for. */
function encode(value: unknown): string {
  return JSON.stringify({ value });
}

function decode<Value>(text: string): Value {
  return (JSON.parse(text) as { value: Value }).value;
}
