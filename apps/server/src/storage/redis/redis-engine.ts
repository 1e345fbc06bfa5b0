import { createClient } from "redis";
import { createCircuitBreaker } from "../circuit-breaker.ts";

/** A Redis that may be slow or away: whoever asks it has something else to do then. */
export interface RedisEngine {
  /** Asks; fails when there is no answer in time, and at once after several failures in a row. */
  ask<Answer>(question: (client: RedisClient) => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
}

export type RedisClient = ReturnType<typeof connect>;

export interface RedisEngineOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** How long an answer may take. */
  readonly timeoutMs?: number;
  /** Told when Redis stops to answer, and when it answers again. */
  readonly onFailure: (error: unknown) => void;
  readonly onRecovery: () => void;
  readonly nowMs: () => number;
}

/** On one machine an answer takes a quarter of a millisecond. */
const defaultTimeoutMs = 150;
const failuresToOpen = 3;
const openMs = 1000;
const connectMs = 2000;
const minRetryMs = 50;
const maxRetryMs = 2000;
/** Questions that wait for Redis at most; beyond, they fail at once. */
const maxWaiting = 5000;

/** Connects in the background: a Redis that isn't there is one that fails, and is used as soon as it comes. Resolves after the first attempt. */
export async function openRedisEngine(options: RedisEngineOptions): Promise<RedisEngine> {
  const { timeoutMs = defaultTimeoutMs, nowMs } = options;
  const guard = createCircuitBreaker({
    failuresToOpen,
    openMs,
    nowMs,
    refusal: () => new Error("Redis has failed several times; it is left alone for a moment"),
  });
  const client = connect(options.url);
  let isAway = false;
  const note = (error: unknown): void => {
    if (!isAway) options.onFailure(error);
    isAway = true;
  };
  client.on("error", note);
  await firstAttempt(client);
  return {
    ask: (question) =>
      guard(async () => {
        try {
          const answer = await within(timeoutMs, question(client));
          if (isAway) options.onRecovery();
          isAway = false;
          return answer;
        } catch (error) {
          note(error);
          throw error;
        }
      }),
    async close() {
      client.destroy();
    },
  };
}

function connect(url: string) {
  return createClient({
    url,
    // What can't be asked now is not asked later: the caller has gone on.
    disableOfflineQueue: true,
    commandsQueueMaxLength: maxWaiting,
    socket: {
      connectTimeout: connectMs,
      reconnectStrategy: (retries) => Math.min(minRetryMs * 2 ** retries, maxRetryMs),
    },
  });
}

/** Resolves when it is connected, or could not be at once or in time; it goes on trying. */
async function firstAttempt(client: RedisClient): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  client.once("error", () => resolve());
  const timer = setTimeout(resolve, connectMs);
  client.connect().then(
    () => resolve(),
    () => resolve(),
  );
  await promise;
  clearTimeout(timer);
}

async function within<Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Redis did not answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
