import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { goesWithout, startRedis, type RunningRedis } from "@satchel/testkit";
import { createInProcessLimiter } from "../../limiter/in-process-limiter.ts";
import { createRedisLimiter } from "../../limiter/redis/redis-limiter.ts";
import { openRedisEngine } from "../../redis/redis-engine.ts";
import { sharedCacheContract } from "../shared-cache.contract.ts";
import { createRedisSharedCache } from "./redis-shared-cache.ts";

const waitMs = 60_000;
const timeToLiveMs = 600_000;

if (!goesWithout("redis")) {
  let redis: RunningRedis;
  const undo: (() => Promise<void>)[] = [];
  before(async () => {
    redis = await startRedis();
  });
  after(async () => {
    for (const step of undo) await step();
    await redis.stop();
  });

  /** With a patience that no busy machine uses up, where a test isn't about time. */
  const open = async (timeoutMs = waitMs, failures: unknown[] = []) => {
    const engine = await openRedisEngine({
      url: redis.url,
      timeoutMs,
      nowMs: Date.now,
      onFailure: (error) => failures.push(error),
      onRecovery: () => failures.push("recovered"),
    });
    undo.push(() => engine.close());
    return { engine, cache: createRedisSharedCache(engine), failures };
  };

  sharedCacheContract("Redis", async () => ({ one: (await open()).cache, other: (await open()).cache }));

  test("[CA8] a limit counts what a caller does at all processes together, and who waits as told gets through", async () => {
    const rate = { perSecond: 0.01, burst: 40 };
    const [one, other] = await Promise.all(
      [1, 2].map(async () => {
        const fallback = createInProcessLimiter({ rate, maxKeys: 10, nowMs: Date.now });
        const { engine } = await open();
        return createRedisLimiter({ engine, name: "test", rate, fallback, maxKeys: 10, nowMs: Date.now });
      }),
    );
    let passed = 0;
    let waitMs = 0;
    for (let nth = 0; nth < 100; nth += 1) {
      const answer = await (nth % 2 === 0 ? one : other)?.take("ann");
      if (answer === 0) passed += 1;
      else waitMs = answer ?? 0;
    }
    // What a process took ahead (two at a time here) and didn't use within a second is lost.
    assert.ok(passed > 20 && passed <= 40, `${passed} passed`);
    assert.ok(waitMs > 0 && waitMs <= 200_000, `${waitMs} ms to wait`);
    assert.equal(await one?.take("bob"), 0);
  });

  test("[CA7] while Redis is gone the truth is asked at once, this process counts for itself, and it is used again when it is back", async () => {
    const { engine, cache, failures } = await open(300);
    const rate = { perSecond: 0.01, burst: 1 };
    const fallback = createInProcessLimiter({ rate, maxKeys: 10, nowMs: Date.now });
    const limiter = createRedisLimiter({ engine, name: "gone", rate, fallback, maxKeys: 10, nowMs: Date.now });
    await redis.kill();
    for (let nth = 0; nth < 5; nth += 1)
      assert.equal(await cache.getOrFill({ key: "z", timeToLiveMs, fill: async () => `${nth}` }), `${nth}`);
    assert.equal(await cache.invalidate(["z"]), false);
    assert.equal(await limiter.take("ann"), 0);
    assert.ok((await limiter.take("ann")) > 0);
    await redis.restart();
    const deadline = performance.now() + waitMs;
    while (!(await cache.invalidate(["z"]))) {
      assert.ok(performance.now() < deadline, "Redis is not used again");
      await sleep(50);
    }
    assert.equal(failures.length, 2);
    assert.equal(failures[1], "recovered");
    assert.ok(cache.statistics().failures >= 5);
  });

  test("[CA7] a Redis that takes connections and never answers holds nobody up, neither at the start nor later", async () => {
    const failures: unknown[] = [];
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const sockets = new Set<Socket>();
    silent.on("connection", (socket) => sockets.add(socket));
    undo.push(async () => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const engine = await openRedisEngine({
      url: `redis://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      nowMs: Date.now,
      onFailure: (error) => failures.push(error),
      onRecovery: () => failures.push("recovered"),
    });
    undo.push(() => engine.close());
    const cache = createRedisSharedCache(engine);
    assert.equal(await cache.getOrFill({ key: "y", timeToLiveMs, fill: async () => "truth" }), "truth");
    assert.equal(failures.length, 1);
  });
}
