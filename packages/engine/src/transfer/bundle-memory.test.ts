import assert from "node:assert/strict";
import { test } from "node:test";
import { BundleMemory } from "./bundle-memory.ts";

const mib = 1024 * 1024;

test("[EN84] memory of one answer is lent for the next only when it was given back, and never to two", () => {
  const memory = new BundleMemory();
  const [first, second] = [memory.lend(mib), memory.lend(mib)];
  assert.ok(first && second && first.length > mib);
  assert.notEqual(first.buffer, second.buffer);
  memory.giveBack(first);
  const [third, fourth] = [memory.lend(2 * mib), memory.lend(mib)];
  assert.equal(third?.buffer, first.buffer);
  assert.ok(![first.buffer, second.buffer].includes(fourth?.buffer as SharedArrayBuffer));
});

test("[EN84] what is too little or too much for it gets no memory, and after a rest none waits", () => {
  const memory = new BundleMemory();
  for (const bytes of [0, 1000, 5 * mib]) assert.equal(memory.lend(bytes), undefined);
  memory.giveBack(undefined);
  const lent = memory.lend(mib);
  memory.giveBack(lent);
  memory.rest();
  assert.notEqual(memory.lend(mib)?.buffer, lent?.buffer);
});
