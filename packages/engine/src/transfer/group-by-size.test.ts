import assert from "node:assert/strict";
import { test } from "node:test";
import { groupBySize, type GroupBounds } from "./group-by-size.ts";

const grouped = (sizes: number[], bounds: GroupBounds): number[][] => [...groupBySize(sizes, (size) => size, bounds)];

test("items go together up to the bytes, and one that exceeds them goes by itself", () => {
  assert.deepEqual(grouped([4, 6, 1, 12, 3, 7], { maxBytes: 10 }), [[4, 6], [1], [12], [3, 7]]);
  assert.deepEqual(grouped([], { maxBytes: 10 }), []);
});

test("items go together up to their number", () => {
  assert.deepEqual(grouped([0, 0, 0, 1, 1], { maxBytes: 10, maxItems: 2 }), [[0, 0], [0, 1], [1]]);
});

test("a large item is alone, and does not part those around it", () => {
  assert.deepEqual(grouped([2, 9, 3], { maxBytes: 10, aloneAboveBytes: 8 }), [[9], [2, 3]]);
});
