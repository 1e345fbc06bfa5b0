import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@satchel/testkit";
import { Connection } from "./connection.ts";

const daysMs = 24 * 3600 * 1000;

function openConnection() {
  const clock = { now: 10 * daysMs, nowMs: () => clock.now, sleep: () => Promise.resolve() };
  const connection = new Connection(clock, seededRandom("connection"));
  return { clock, connection };
}

test("[EN31] a server that did not answer is asked again after a while, and no sooner", () => {
  const { clock, connection } = openConnection();
  connection.lost("no answer", 5);
  assert.equal(connection.mayTry, false);
  assert.ok(connection.waitMs >= 5000);
  clock.now += connection.waitMs;
  assert.equal(connection.mayTry, true);
  connection.found();
  assert.equal(connection.isOffline, false);
});

test("[EN34] a clock that jumps, either way, does not keep a device from asking its server", () => {
  for (const jumpMs of [-3 * daysMs, 3 * daysMs]) {
    const { clock, connection } = openConnection();
    connection.lost("no answer", undefined);
    clock.now += jumpMs;
    assert.equal(connection.waitMs, 0);
  }
});

test("[EN31] a server can't ask to be left alone for longer than an hour", () => {
  const { connection } = openConnection();
  connection.lost("too many requests", 7 * 24 * 3600);
  assert.equal(connection.waitMs, 3_600_000);
});
