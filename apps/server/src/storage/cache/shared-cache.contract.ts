import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { SharedCache } from "./shared-cache.ts";

const timeToLiveMs = 600_000;
const waitMs = 60_000;

/** What every implementation of `SharedCache` does. Each test takes keys of its own. */
export function sharedCacheContract(name: string, open: () => Promise<{ one: SharedCache; other: SharedCache }>): void {
  test(`[CA1] ${name}: what one process asked is known to the others, until it is invalidated`, async () => {
    const { one, other } = await open();
    assert.equal(await one.getOrFill({ key: "a", timeToLiveMs, fill: async () => "first" }), "first");
    await kept(one);
    await known(other, "a", "first");
    assert.equal(await other.invalidate(["a", "unknown"]), true);
    assert.equal(await one.getOrFill({ key: "a", timeToLiveMs, fill: async () => "second" }), "second");
  });

  test(`[CA2] ${name}: an answer that was being fetched while its key was invalidated is not remembered`, async () => {
    const { one, other } = await open();
    const { promise, resolve } = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const fill = (): Promise<string> => {
      asked.resolve();
      return promise;
    };
    const slow = one.getOrFill({ key: "b", timeToLiveMs, fill });
    await asked.promise;
    await other.invalidate(["b"]);
    resolve("old");
    assert.equal(await slow, "old");
    await kept(one);
    assert.equal(await other.getOrFill({ key: "b", timeToLiveMs, fill: async () => "new" }), "new");
    await kept(other);
    await known(one, "b", "new");
  });

  test(`[CA2] ${name}: of two that ask at once, the one that began last is remembered`, async () => {
    const { one, other } = await open();
    const { promise, resolve } = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const fill = (): Promise<string> => {
      asked.resolve();
      return promise;
    };
    const early = one.getOrFill({ key: "c", timeToLiveMs, fill });
    await asked.promise;
    assert.equal(await other.getOrFill({ key: "c", timeToLiveMs, fill: async () => "late" }), "late");
    await kept(other);
    resolve("early");
    await early;
    await kept(one);
    await known(one, "c", "late");
  });

  test(`[CA3] ${name}: what is remembered and not good any more is asked anew`, async () => {
    const { one, other } = await open();
    await one.getOrFill({ key: "d", timeToLiveMs, fill: async () => "1" });
    await kept(one);
    await known(other, "d", "1");
    const question = { key: "d", timeToLiveMs, isGood: (kept: string) => kept === "2", fill: async () => "2" };
    assert.equal(await other.getOrFill(question), "2");
    await kept(other);
    await known(one, "d", "2");
  });

  test(`[CA4] ${name}: an answer lives for its time, failures are not remembered, and too long answers are not either`, async () => {
    const { one } = await open();
    await assert.rejects(one.getOrFill({ key: "e", timeToLiveMs, fill: () => Promise.reject(new Error("down")) }));
    const long = "x".repeat(600 * 1024);
    assert.equal(await one.getOrFill({ key: "e", timeToLiveMs, fill: async () => long }), long);
    assert.equal(await one.getOrFill({ key: "e", timeToLiveMs: 20, fill: async () => "short" }), "short");
    const deadline = performance.now() + waitMs;
    let answer = "short";
    while (answer === "short") {
      assert.ok(performance.now() < deadline, "it lives for too long");
      await sleep(10);
      answer = await one.getOrFill({ key: "e", timeToLiveMs: 20, fill: async () => "again" });
    }
  });
}

/** What was kept is there once something that was sent after it is answered. */
async function kept(cache: SharedCache): Promise<void> {
  assert.equal(await cache.invalidate(["nothing"]), true);
}

async function known(cache: SharedCache, key: string, answer: string): Promise<void> {
  const fill = (): Promise<string> => Promise.reject(new Error(`${key} is not remembered`));
  assert.equal(await cache.getOrFill({ key, timeToLiveMs, fill }), answer);
}
