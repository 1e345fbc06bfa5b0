import assert from "node:assert/strict";
import { test } from "node:test";
import { stretchesBelow, stretchGram } from "./filter-grams.ts";

test("[SR7] stretches follow each other without a gap, from the latest place to the first", () => {
  for (const before of [1, 2, 16_384, 16_385, 16_386, 200_000, 1_000_000]) {
    let upTo = before;
    for (const { grams, floor } of stretchesBelow(before)) {
      assert.ok(floor <= upTo);
      for (const place of [floor, upTo - 1])
        assert.ok(floor === upTo || !grams || grams.includes(stretchGram(place)), `${place} below ${before}`);
      upTo = floor;
    }
    assert.equal(upTo, 0);
  }
});
