import assert from "node:assert/strict";
import { test } from "node:test";
import { numberedName } from "./numbered-name.ts";

test("[SH24] a taken name gets a number before its extension, within the limit of names", () => {
  assert.deepEqual(
    [numberedName("a.txt", 1), numberedName("a.txt", 2), numberedName("README", 3), numberedName(".env", 2)],
    ["a.txt", "a (2).txt", "README (3)", ".env (2)"],
  );
  const long = numberedName(`${"ü".repeat(125)}.txt`, 12);
  assert.ok(Buffer.byteLength(long) <= 255);
  assert.match(long, /ü \(12\)\.txt$/);
});

test("[SH24] a name that is nearly all extension gets its number, too", () => {
  const name = `a.${"x".repeat(253)}`;
  const next = numberedName(name, 2);
  assert.ok(Buffer.byteLength(next) <= 255);
  assert.match(next, /^a\.x+ \(2\)$/);
});
