import assert from "node:assert/strict";
import { test } from "node:test";
import { joinNeighbours } from "./join-neighbours.ts";

test("[CS35] views that follow on each other in one buffer become one, and no others", () => {
  const buffer = Uint8Array.from({ length: 10 }, (_, index) => index);
  const part = (from: number, to: number): Uint8Array => buffer.subarray(from, to);
  const other = Uint8Array.of(100, 101);
  const joined = joinNeighbours([part(0, 2), part(2, 5), part(6, 8), other, part(8, 10), part(0, 1), part(1, 2)]);
  assert.deepEqual(
    joined.map((view) => [...view]),
    [
      [0, 1, 2, 3, 4],
      [6, 7],
      [100, 101],
      [8, 9],
      [0, 1],
    ],
  );
  assert.deepEqual(joinNeighbours([]), []);
});
