import assert from "node:assert/strict";
import { test } from "node:test";
import { createInProcessCache } from "./in-process-cache.ts";

function create(maxEntries = 10) {
  const time = { nowMs: 0 };
  const cache = createInProcessCache<number>({ timeToLiveMs: 100, maxEntries, nowMs: () => time.nowMs });
  return { time, cache };
}

test("an answer is remembered for its time, and fills share one question", async () => {
  const { time, cache } = create();
  let asked = 0;
  const fill = async () => (asked += 1);
  assert.deepEqual(await Promise.all([cache.getOrFill("a", fill), cache.getOrFill("a", fill)]), [1, 1]);
  time.nowMs = 99;
  assert.equal(await cache.getOrFill("a", fill), 1);
  time.nowMs = 100;
  assert.equal(await cache.getOrFill("a", fill), 2);
});

test("an invalidation during a fill wins", async () => {
  const { cache } = create();
  const { promise, resolve } = Promise.withResolvers<number>();
  const first = cache.getOrFill("a", () => promise);
  cache.invalidate("a");
  resolve(1);
  assert.equal(await first, 1);
  assert.equal(await cache.getOrFill("a", async () => 2), 2);
});

test("values are invalidated by what they are, and fills under way with them", async () => {
  const { cache } = create();
  await cache.getOrFill("one", async () => 1);
  await cache.getOrFill("two", async () => 2);
  cache.invalidateWhere((value) => value === 1);
  assert.equal(await cache.getOrFill("one", async () => 10), 10);
  assert.equal(await cache.getOrFill("two", async () => 20), 2);
});

test("failures are not remembered, and the oldest entries make room", async () => {
  const { cache } = create(2);
  await assert.rejects(cache.getOrFill("a", () => Promise.reject(new Error("down"))));
  assert.equal(await cache.getOrFill("a", async () => 1), 1);
  await cache.getOrFill("b", async () => 2);
  await cache.getOrFill("c", async () => 3);
  assert.equal(await cache.getOrFill("a", async () => 4), 4);
});
