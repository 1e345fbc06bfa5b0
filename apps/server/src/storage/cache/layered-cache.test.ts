import assert from "node:assert/strict";
import { test } from "node:test";
import { createInProcessCache } from "./in-process-cache.ts";
import { layerCaches } from "./layered-cache.ts";
import { memorySharedCache } from "./memory-shared-cache.fixture.ts";

const timeToLiveMs = 1000;

/** Two processes over one shared memory. */
function create() {
  const time = { nowMs: 0 };
  const nowMs = () => time.nowMs;
  const memory = memorySharedCache(nowMs);
  const [one, other] = [1, 2].map(() =>
    layerCaches<number | undefined>({
      local: createInProcessCache({ timeToLiveMs, maxEntries: 10, nowMs }),
      shared: memory.cache,
      prefix: "n:",
      timeToLiveMs,
      nowMs,
    }),
  ) as [ReturnType<typeof layerCaches<number | undefined>>, ReturnType<typeof layerCaches<number | undefined>>];
  return { time, memory, one, other };
}

test("[CA5] what one process asked the other knows, also that there is nothing; an invalidation reaches both memories", async () => {
  const { one, other, time } = create();
  assert.equal(await one.getOrFill("a", async () => undefined), undefined);
  assert.equal(await other.getOrFill("a", async () => 5), undefined);
  one.invalidate("a");
  assert.equal(await one.getOrFill("a", async () => 6), 6);
  time.nowMs += timeToLiveMs;
  assert.equal(await other.getOrFill("a", async () => 7), 7);
});

test("[CA5] an invalidation takes effect here at once, though the shared memory can't be reached and comes back with what it had", async () => {
  const { one, memory, time } = create();
  await one.getOrFill("a", async () => 1);
  memory.state.failing = true;
  one.invalidate("a");
  assert.equal(await one.getOrFill("a", async () => 2), 2);
  memory.state.failing = false;
  one.invalidate("b");
  time.nowMs += timeToLiveMs - 1;
  one.invalidateWhere(() => true);
  assert.equal(await one.getOrFill("a", async () => 3), 3);
  assert.equal(await one.getOrFill("c", async () => 4), 4);
});

test("[CA5] values that are invalidated by what they are don't come back from the shared memory", async () => {
  const { one, time } = create();
  await one.getOrFill("a", async () => 1);
  one.invalidateWhere((value) => value === 1);
  assert.equal(await one.getOrFill("a", async () => 2), 2);
  time.nowMs += timeToLiveMs;
  assert.equal(await one.getOrFill("a", async () => 3), 3);
});
