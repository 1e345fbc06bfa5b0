import type { RedisEngine } from "../../redis/redis-engine.ts";
import type { Limiter, Rate } from "../limiter.ts";

interface Allowance {
  left: number;
  readonly expiresAtMs: number;
}

/** One question to Redis lets through this part of a burst, so that a busy caller doesn't cost a question for each request. */
const partOfBurst = 20;
/** What was taken ahead and not used by then is lost to its caller. */
const allowanceMs = 1000;

/**
 * The generic cell rate algorithm (ITU-T I.371) by Redis' own clock: one number for each caller, the time at which its bucket is full again. Takes as many of `want` as there are, though at least `need`; answers how many, or minus the
 * milliseconds to wait.
 */
const takeScript = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local each, burst, need, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local full = math.min(math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now), now + burst)
local room = math.floor((now + burst - full) / each + 0.000001)
if room < need then return -math.max(1, math.ceil(full + need * each - now - burst)) end
local taken = math.min(room, want)
redis.call('SET', KEYS[1], string.format('%.3f', full + taken * each), 'PX', math.ceil(burst + each))
return taken`;

/**
 * Counts what callers do at all processes together. A process takes small allowances ahead, and spends them by itself: so up to a twentieth of a burst for each process may go to waste, and never more gets through than the rate. While Redis is slow or away
 * `fallback` counts, in this process alone.
 */
export function createRedisLimiter(options: {
  readonly engine: RedisEngine;
  /** Which limit it is; no two have the same. */
  readonly name: string;
  readonly rate: Rate;
  readonly fallback: Limiter;
  readonly maxKeys: number;
  readonly nowMs: () => number;
}): Limiter {
  const { engine, name, rate, fallback, maxKeys, nowMs } = options;
  const msEach = 1000 / rate.perSecond;
  const ahead = Math.max(1, Math.floor(rate.burst / partOfBurst));
  const allowances = new Map<string, Allowance>();

  async function ask(key: string, cost: number): Promise<number> {
    const asked = engine.ask((client) =>
      client.eval(takeScript, {
        keys: [`limit:${name}:${key}`],
        arguments: [msEach, rate.burst * msEach, cost, Math.max(cost, ahead)].map(String),
      }),
    );
    const answer = await asked.then(Number, () => undefined);
    if (answer === undefined) return fallback.take(key, cost);
    if (answer < 0) return -answer;
    keep(key, answer - cost);
    return 0;
  }

  function keep(key: string, left: number): void {
    if (left === 0) return;
    const known = allowances.get(key);
    const stillGood = known && known.expiresAtMs > nowMs() ? known.left : 0;
    allowances.delete(key);
    allowances.set(key, { left: stillGood + left, expiresAtMs: nowMs() + allowanceMs });
    const oldest = allowances.keys().next();
    if (allowances.size > maxKeys && !oldest.done) allowances.delete(oldest.value);
  }

  return {
    take(key, cost = 1) {
      const known = allowances.get(key);
      if (!known || known.left < cost || known.expiresAtMs <= nowMs()) return ask(key, cost);
      known.left -= cost;
      return 0;
    },
  };
}
