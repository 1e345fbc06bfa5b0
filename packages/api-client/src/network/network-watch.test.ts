import assert from "node:assert/strict";
import { test } from "node:test";
import { createNetworkWatch, lookEveryMs, sleepMs } from "./network-watch.ts";

/** A machine whose clock and addresses a test sets. */
function machine() {
  const state = { nowMs: 1e12, addresses: "10.0.0.7/24", look: () => {}, changes: 0, ended: false };
  const watch = createNetworkWatch({
    nowMs: () => state.nowMs,
    addresses: () => state.addresses,
    every: (_ms, look) => {
      state.look = look;
      return () => (state.ended = true);
    },
  });
  const stop = watch(() => (state.changes += 1));
  const pass = (ms: number): void => {
    state.nowMs += ms;
    state.look();
  };
  return { state, pass, stop };
}

test("[AC24] a machine that slept is noticed at its first look, a busy one is not taken for it", () => {
  const { state, pass } = machine();
  for (let nth = 0; nth < 100; nth += 1) pass(lookEveryMs + (nth % 5) * 800);
  pass(-3_600_000);
  assert.equal(state.changes, 0);
  pass(lookEveryMs + sleepMs + 1);
  assert.equal(state.changes, 1);
  pass(lookEveryMs);
  assert.equal(state.changes, 1);
});

test("[AC24] other addresses are another network, told once", () => {
  const { state, pass, stop } = machine();
  state.addresses = "";
  pass(lookEveryMs);
  state.addresses = "192.168.1.20/24";
  pass(lookEveryMs);
  pass(lookEveryMs);
  assert.equal(state.changes, 2);
  stop();
  assert.equal(state.ended, true);
});
