import assert from "node:assert/strict";
import { test } from "node:test";
import { LentMemory } from "./lent-memory.ts";

const bounds = { minLoanBytes: 10, maxLoanBytes: 100, maxIdleBlocks: 2, idleMs: 1000 };

test("[AP81] memory that was given back is lent again, and never to two at a time", () => {
  const memory = new LentMemory(bounds);
  const [first, second] = [memory.lend(100), memory.lend(50)];
  assert.notEqual(first.bytes.buffer, second.bytes.buffer);
  first.giveBack();
  first.giveBack();
  const [third, fourth] = [memory.lend(20), memory.lend(20)];
  assert.equal(third.bytes.buffer, first.bytes.buffer);
  assert.equal(third.bytes.length, 20);
  assert.ok(![third.bytes.buffer, second.bytes.buffer].includes(fourth.bytes.buffer));
});

test("[AP81] very small and very large loans get memory of their own", () => {
  const memory = new LentMemory(bounds);
  for (const sizeBytes of [0, 9, 101]) {
    const loan = memory.lend(sizeBytes);
    assert.equal(loan.bytes.buffer.byteLength, sizeBytes);
    loan.giveBack();
  }
});

test("[AP81] so many blocks are kept, and they are let go when nobody wants them", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let nowMs = 0;
  t.mock.method(performance, "now", () => nowMs);
  const memory = new LentMemory(bounds);
  const blocks = (count: number) => {
    const loans = Array.from({ length: count }, () => memory.lend(100));
    for (const loan of loans) loan.giveBack();
    return new Set(loans.map((loan) => loan.bytes.buffer));
  };
  const first = blocks(3);
  assert.equal(first.intersection(blocks(3)).size, bounds.maxIdleBlocks);
  const last = blocks(1);
  nowMs = 1500;
  t.mock.timers.tick(1500);
  assert.equal(last.intersection(blocks(3)).size, 0);
});
