import assert from "node:assert/strict";
import { test } from "node:test";
import { gramsOfName, gramsOfWhole } from "./name-grams.ts";

test("[SR5] no piece ends within a character, wherever a long name is cut", () => {
  for (let length = 36; length <= 42; length += 1) {
    const name = `${"a".repeat(length)}\u{20BB7}\u{20BB7}b.txt`;
    for (const gram of [...gramsOfName(name), ...gramsOfWhole(name).flat()]) assert.ok(gram.isWellFormed(), name);
  }
});
