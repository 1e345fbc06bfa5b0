import assert from "node:assert/strict";
import { test } from "node:test";
import { FullLook } from "./full-look.ts";

const intervalMs = 1000;
const nothing = (): Promise<void> => Promise.resolve();

test("[EN128] a look at everything that fails half way is owed still, whatever it failed over", async () => {
  const look = new FullLook({ nowMs: () => 5 });
  await look.make(nothing, intervalMs);
  assert.equal(look.isDue(intervalMs), false);
  look.ask();
  const failing = look.make(() => Promise.reject(new Error("half way")), intervalMs);
  await assert.rejects(failing, /half way/);
  assert.deepEqual([look.isAsked, look.isDue(intervalMs)], [true, true]);
  await look.make(nothing, intervalMs);
  assert.deepEqual([look.isAsked, look.isDue(intervalMs)], [false, false]);
});

test("[EN128] what asks for a look while one is made gets one of its own", async () => {
  const look = new FullLook({ nowMs: () => 5 });
  await look.make(() => {
    look.ask();
    return nothing();
  }, intervalMs);
  assert.equal(look.isDue(intervalMs), true);
});

test("[EN34] a look is due when its time has come, or the clock was set back further than that", async () => {
  let nowMs = 1_000_000;
  const look = new FullLook({ nowMs: () => nowMs });
  assert.equal(look.isDue(intervalMs), true, "nobody looked yet");
  await look.make(nothing, intervalMs);
  nowMs += 999;
  assert.deepEqual([look.isDue(intervalMs), look.waitMs()], [false, 1]);
  nowMs += 1;
  assert.equal(look.isDue(intervalMs), true);
  nowMs -= 2001;
  assert.equal(look.isDue(intervalMs), true);
});
