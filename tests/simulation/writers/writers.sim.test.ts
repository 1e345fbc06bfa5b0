import assert from "node:assert/strict";
import { test } from "node:test";
import { write } from "./writers.ts";

const lives = 30;

test("[EN110] [EN111] each word that two or three people type in one text is there exactly once, through lost answers, outages and kills", async () => {
  let merges = 0;
  for (let seed = 1; seed <= lives; seed += 1) {
    const outcome = await write(seed);
    const story = outcome.failure ? `seed ${seed}: ${outcome.failure.message}\n${outcome.trace.join("\n")}` : undefined;
    assert.equal(story, undefined);
    // Who didn't hear the answer to an edit before others built on it may find a conflict with itself.
    if (outcome.isSmooth) assert.equal(outcome.copies, 0, `seed ${seed} made a conflicted copy`);
    merges += outcome.merges;
  }
  assert.ok(merges > lives, `${merges} merges in ${lives} lives`);
});
