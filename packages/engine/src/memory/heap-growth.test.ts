import assert from "node:assert/strict";
import { test } from "node:test";
import { heapGrowth, limitHeapGrowth, smallHeapBytes } from "./heap-growth.ts";

test("a small heap may grow a lot before it is collected, a large one little", () => {
  assert.equal(limitHeapGrowth(), heapGrowth.small);
  assert.equal(limitHeapGrowth(smallHeapBytes + 1), heapGrowth.large);
  assert.equal(limitHeapGrowth(smallHeapBytes), heapGrowth.small);
});
