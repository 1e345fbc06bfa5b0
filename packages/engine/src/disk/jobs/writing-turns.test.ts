import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { inTurn, newWritingTurns } from "./writing-turns.ts";

const timesEach = 20_000;

test("[DK31] no two threads have the turn at one time", async () => {
  const turns = newWritingTurns();
  const count = new Int32Array(new SharedArrayBuffer(4));
  const entry = new URL("writing-turns.fixture.ts", import.meta.url);
  const workers = Array.from({ length: 3 }, () => new Worker(entry, { workerData: { turns, count, timesEach } }));
  await Promise.all(workers.map((worker) => once(worker, "exit")));
  // Each read and wrote the count in two steps, which another's step in between would have spoilt.
  assert.equal(count[0], 3 * timesEach);
  assert.equal(turns[0], 0);
});

test("[DK31] a turn that nobody gives back any more is waited for a second, and no longer", () => {
  const turns = newWritingTurns();
  turns[0] = 1;
  let written = 0;
  inTurn(turns, () => (written += 1));
  assert.equal(written, 1);
  assert.throws(() => {
    inTurn(turns, () => {
      throw new Error("the disk is full");
    });
  }, /full/);
  inTurn(turns, () => (written += 1));
  assert.equal(written, 2);
});
