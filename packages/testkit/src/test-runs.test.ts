import assert from "node:assert/strict";
import { test } from "node:test";
import { TEST_EFFORT_VARIABLE, testRuns } from "./test-runs.ts";

test("[TK7] a randomised test tries as many times more as the environment says, once without a word", () => {
  assert.equal(testRuns(40, {}), 40);
  assert.equal(testRuns(40, { [TEST_EFFORT_VARIABLE]: "1" }), 40);
  assert.equal(testRuns(40, { [TEST_EFFORT_VARIABLE]: "5" }), 200);
});

test("[TK7] an effort that would try nothing, or is no number, is refused", () => {
  for (const effort of ["0", "-1", "0.5", "much", "", "1e9"]) {
    assert.throws(() => testRuns(40, { [TEST_EFFORT_VARIABLE]: effort }), RangeError);
  }
});
