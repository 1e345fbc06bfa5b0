import { randomUUID } from "node:crypto";
import { maxSharedAnswer, type SharedCache } from "../shared-cache.ts";
import type { RedisEngine } from "../../redis/redis-engine.ts";

/** Before the text of an answer, and before the number of a promise: one key holds either. */
const answerMark = "V";
const promiseMark = "P";
/** A fill that takes longer is not remembered. */
const promiseMs = 30_000;

/** Remembers an answer only while the key is still promised to whoever asked the truth for it. */
const keepPromise = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 end return 0`;

/**
 * On Redis or Valkey. A question that finds nothing leaves a promise (a "lease": Nishtala et al., *Scaling Memcache at Facebook*, NSDI 2013) under the key before it asks the truth. What it then brings is kept only if
 * the promise is still there: an invalidation, another question's promise, an emptied Redis each take it away.
 */
export function createRedisSharedCache(engine: RedisEngine): SharedCache {
  const pending = new Set<Promise<unknown>>();
  const counts = { hits: 0, misses: 0, failures: 0 };

  /** Undefined when there is none, or Redis can't be asked. */
  async function read(key: string): Promise<string | undefined> {
    try {
      const found = await engine.ask((client) => client.get(key));
      return found?.startsWith(answerMark) ? found.slice(answerMark.length) : undefined;
    } catch {
      counts.failures += 1;
      return undefined;
    }
  }

  /** Answers what keeps the promise; undefined when none could be left. */
  async function promise(key: string, timeToLiveMs: number): Promise<((answer: string) => void) | undefined> {
    const mark = promiseMark + randomUUID();
    const left = await engine
      .ask((client) => client.set(key, mark, { expiration: { type: "PX", value: promiseMs } }))
      .catch(() => null);
    if (left === null) return undefined;
    return (answer) => {
      if (answer.length > maxSharedAnswer) return;
      const parameters = { keys: [key], arguments: [mark, answerMark + answer, `${timeToLiveMs}`] };
      // Whether it is kept is nobody's concern.
      engine.ask((client) => client.eval(keepPromise, parameters)).catch(() => undefined);
    };
  }

  return {
    async getOrFill({ key, timeToLiveMs, isGood = () => true, fill }) {
      const known = await read(key);
      if (known !== undefined && isGood(known)) {
        counts.hits += 1;
        return known;
      }
      counts.misses += 1;
      const keep = await promise(key, timeToLiveMs);
      const answer = await fill();
      keep?.(answer);
      return answer;
    },
    async invalidate(keys) {
      if (keys.length === 0) return true;
      const done = engine
        .ask((client) => client.unlink([...keys]))
        .then(
          () => true,
          () => false,
        );
      pending.add(done);
      const isSure = await done;
      pending.delete(done);
      return isSure;
    },
    settled: () => (pending.size === 0 ? undefined : Promise.all(pending).then(() => undefined)),
    statistics: () => ({ ...counts }),
    close: () => engine.close(),
  };
}
