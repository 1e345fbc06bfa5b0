import assert from "node:assert/strict";
import { test } from "node:test";
import { RetriedWork } from "./retried-work.ts";

test("[LV7] what fails is tried again later each time, and not once the work was stopped", async () => {
  const world = { todo: 3, fails: 2, failures: 0, rounds: 0 };
  let retry: { readonly delayMs: number; readonly run: () => void } | undefined;
  const work = new RetriedWork({
    hasWork: () => world.todo > 0,
    round: async () => {
      world.rounds += 1;
      if (world.fails-- > 0) throw new Error("not now");
      world.todo -= 1;
    },
    host: {
      after: (delayMs, run) => {
        retry = { delayMs, run };
        return () => (retry = undefined);
      },
    },
    onFailure: () => (world.failures += 1),
  });
  work.wake();
  await work.settle();
  assert.deepEqual([retry?.delayMs, world.rounds], [1000, 1]);
  retry?.run();
  await work.settle();
  assert.deepEqual([retry?.delayMs, world.rounds], [2000, 2]);
  retry?.run();
  await work.settle();
  assert.deepEqual([world.todo, world.rounds, world.failures], [0, 5, 2]);
  work.stop();
  world.todo = 1;
  work.wake();
  await work.settle();
  assert.deepEqual([world.todo, retry], [1, undefined]);
});
