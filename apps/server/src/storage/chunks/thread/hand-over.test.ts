import assert from "node:assert/strict";
import { test } from "node:test";
import { handOver } from "./hand-over.ts";

test("[CS31] only a large buffer that one view shows whole is handed over; all others are copied together", () => {
  const whole = new Uint8Array(100_000).fill(1);
  const small = new Uint8Array(10).fill(2);
  const shared = new Uint8Array(200_000).fill(3);
  const shownTwice = new Uint8Array(100_000).fill(4);
  const views = [whole, undefined, small, shared.subarray(0, 100_000), shownTwice, shownTwice];
  const handed = handOver(views);
  assert.deepEqual(handed.views, views);
  assert.equal(handed.buffers.length, 2);
  assert.ok(handed.buffers.includes(whole.buffer));
  assert.ok([small, shared, shownTwice].every((view) => !handed.buffers.includes(view.buffer)));
});

test("[CS31] what was cut from Node's pool of small buffers is copied, even when it is most of the pool", () => {
  const views = Array.from({ length: 64 }, (_, index) => Buffer.from(`${index}`.padEnd(4000, "x")));
  const handed = handOver(views);
  const received = structuredClone(handed.views, { transfer: handed.buffers });
  assert.deepEqual(
    received.map((view) => view && Buffer.from(view).toString()),
    views.map((view) => view.toString()),
  );
});

test("[CS31] shared memory is posted as it is, and stays the caller's", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(200_000)).fill(5);
  const views = [shared.subarray(10, 60_000), shared.subarray(60_000, 60_010)];
  const handed = handOver(views);
  assert.deepEqual(handed.views, views);
  assert.ok(handed.views.every((view) => view?.buffer === shared.buffer));
  structuredClone(handed.views, { transfer: handed.buffers });
  assert.equal(shared.byteLength, 200_000);
});
