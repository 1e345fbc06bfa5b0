import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { playOpenLoop } from "./open-loop.ts";

test("[OP30] requests come at the rate that was asked for, each is answered once, and what breaks off is counted", async () => {
  let asked = 0;
  const outcome = await playOpenLoop([1, 2], {
    perSecond: 200,
    seconds: 0.5,
    ask: async () => {
      asked += 1;
      if (asked === 7) throw new Error("broken");
      return 200;
    },
  });
  assert.equal(asked, 100);
  assert.deepEqual(Object.fromEntries(outcome.statuses), { 0: 1, 200: 99 });
  assert.equal(outcome.latencyUs.count, 100);
  assert.ok(outcome.endedMs >= 490, `${outcome.endedMs} ms`);
});

test("[OP30] the time of a request runs from when it was due, also while it waits for a device", async () => {
  const outcome = await playOpenLoop(["only one"], {
    perSecond: 100,
    seconds: 0.1,
    ask: async () => {
      await sleep(20);
      return 200;
    },
  });
  // The tenth was due after 90 ms, and nine answers of 20 ms each came before its own.
  assert.ok(outcome.latencyUs.max >= 100_000, `${outcome.latencyUs.max} µs`);
});
