import assert from "node:assert/strict";
import { test } from "node:test";
import { atOnce, inSlices, type Steps } from "./in-slices.ts";

/** Takes as long as is asked for, in steps of a millisecond. */
function* busyFor(steps: number): Steps<number> {
  for (let step = 0; step < steps; step += 1) {
    const endsMs = performance.now() + 1;
    while (performance.now() < endsMs);
    yield;
  }
  return steps;
}

test("[WB16] what else waits has its turn before long work is over, and the result is the same", async () => {
  let turns = 0;
  const turn = setInterval(() => (turns += 1), 1);
  assert.equal(await inSlices(busyFor(200), new AbortController().signal), 200);
  clearInterval(turn);
  assert.ok(turns > 2, `${turns} turns`);
  assert.equal(atOnce(busyFor(3)), 3);
});

test("[WB16] work that nobody waits for any more ends", async () => {
  const stopping = new AbortController();
  const work = inSlices(busyFor(1_000_000), stopping.signal);
  setTimeout(() => stopping.abort(new Error("left")), 1);
  await assert.rejects(work, /left/);
});
