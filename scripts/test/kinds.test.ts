import assert from "node:assert/strict";
import { test } from "node:test";
import { isKind, kindOf } from "./kinds.ts";

test("[RP13] a test's kind stands in its suffix or its folder", () => {
  assert.equal(kindOf("packages/a/src/b.test.ts"), "unit");
  assert.equal(kindOf("packages/a/src/b.integration.test.ts"), "integration");
  assert.equal(kindOf("packages/a/src/b.sim.test.ts"), "sim");
  assert.equal(kindOf("tests/simulation/shrink.test.ts"), "sim");
  assert.equal(kindOf("tests/e2e/two-devices.test.ts"), "e2e");
  assert.equal(kindOf("packages/a/src/b.e2e.test.ts"), "e2e");
  assert.equal(kindOf("tests/faults/kill/kill-rounds.faults.test.ts"), "faults");
  assert.equal(kindOf("packages/a/src/b.fixture.ts"), undefined);
});

test("[RP13] a word that is no kind is refused, even one that every object has", () => {
  assert.equal(isKind("unit"), true);
  assert.equal(isKind("toString"), false);
});
