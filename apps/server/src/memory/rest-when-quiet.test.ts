import assert from "node:assert/strict";
import { test } from "node:test";
import { restWhenQuiet } from "./rest-when-quiet.ts";

const mebibyte = 1024 * 1024;

test("[OP31] a thread collects its garbage once nothing came for three seconds, and once more after twelve, where there is some", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const clock = { ms: 1000 };
  t.mock.method(performance, "now", () => clock.ms);
  const pass = (ms: number): void => {
    clock.ms += ms;
    t.mock.timers.tick(ms);
  };
  const memory = { bytes: 50 * mebibyte, collected: 0 };
  const touched = restWhenQuiet({
    usedBytes: () => memory.bytes,
    collect: () => {
      memory.collected += 1;
      memory.bytes = 20 * mebibyte;
    },
  });
  touched();
  pass(2000);
  touched();
  pass(2000);
  assert.equal(memory.collected, 0);
  pass(1000);
  assert.equal(memory.collected, 1);
  // What was let go of since the first look.
  memory.bytes = 30 * mebibyte;
  pass(8000);
  assert.equal(memory.collected, 1);
  pass(1000);
  assert.equal(memory.collected, 2);
  memory.bytes += 7 * mebibyte;
  touched();
  pass(60_000);
  assert.equal(memory.collected, 2);
  memory.bytes += mebibyte;
  touched();
  pass(3000);
  assert.equal(memory.collected, 3);
});
