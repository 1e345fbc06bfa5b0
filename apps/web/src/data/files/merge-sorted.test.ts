import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { atOnce } from "../in-slices.ts";
import { mergedInSteps, sortedInSteps } from "./merge-sorted.ts";

/** Compared by the number alone: the letter tells equal ones apart. */
const items = fc.array(fc.tuple(fc.nat(40), fc.constantFrom("a", "b")), { maxLength: 3000, size: "max" });
const compare = ([a]: readonly [number, string], [b]: readonly [number, string]): number => a - b;

test("[WB3] sorted in steps is sorted, equal ones in their order", () => {
  fc.assert(
    fc.property(items, (some) => assert.deepEqual(atOnce(sortedInSteps(some, compare)), some.toSorted(compare))),
    { numRuns: 30 },
  );
});

test("[WB3] two sorted lists are merged, and of equal ones those of the first come first", () => {
  fc.assert(
    fc.property(items, items, (some, others) => {
      const [a, b] = [some.toSorted(compare), others.toSorted(compare)];
      assert.deepEqual(atOnce(mergedInSteps(a, b, compare)), [...a, ...b].toSorted(compare));
    }),
    { numRuns: 30 },
  );
});
