import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import fc from "fast-check";
import { encodeCursor, parseCursor } from "./cursor.ts";

const positions = fc.record(
  {
    sequence: fc.integer({ min: 0, max: 999_999_999_999_999 }),
    epoch: fc.string({ unit: fc.constantFrom(..."aZ09_-zA5".split("")), minLength: 1, maxLength: 16 }),
    listingHead: fc.integer({ min: 0, max: 999_999_999_999_999 }),
    madeAtMs: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
  },
  { requiredKeys: ["sequence", "epoch"], noNullPrototype: true },
);

test("[AP41] a cursor says the position that it was made of, also in the middle of a listing", () => {
  fc.assert(
    fc.property(positions, (position) => {
      assert.deepEqual(parseCursor(encodeCursor(position)), position);
    }),
  );
});

test("[AP41] what was never a cursor is refused as one", () => {
  for (const text of [
    "",
    "1",
    "1.",
    ".e",
    "-1.e",
    "1.e.x",
    "1.e.2.3",
    "1e3.e",
    "1.é",
    "1.e.m",
    "1.e.m2.3",
    "1.e.M2",
    `${"9".repeat(16)}.e`,
  ]) {
    assert.throws(
      () => parseCursor(text),
      (error) => error instanceof ProblemError && error.code === "bad_cursor",
      text,
    );
  }
});
