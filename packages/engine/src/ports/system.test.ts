import assert from "node:assert/strict";
import { test } from "node:test";
import { breather } from "./system.ts";

test("[EN122] whoever goes on and on gives others their turn, and not at every step", async () => {
  const clock = { ms: 1000 };
  const breathe = breather(() => clock.ms);
  let turns = 0;
  const waiting = (): void => {
    turns += 1;
    next = setImmediate(waiting);
  };
  let next = setImmediate(waiting);
  try {
    clock.ms += 49;
    for (let step = 0; step < 100; step += 1) await breathe();
    assert.equal(turns, 0);
    clock.ms += 1;
    await breathe();
    assert.equal(turns, 1);
    for (let step = 0; step < 100; step += 1) await breathe();
    assert.equal(turns, 1);
  } finally {
    clearImmediate(next);
  }
});
