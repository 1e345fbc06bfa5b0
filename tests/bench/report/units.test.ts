import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatTime, median, percentile } from "./units.ts";

test("a median is the middle value, or the mean of the two in the middle", () => {
  assert.equal(median([5, 1, 9]), 5);
  assert.equal(median([4, 1, 9, 6]), 5);
});

test("a percentile is a value that was measured", () => {
  const values = Array.from({ length: 20 }, (_, index) => index + 1);
  assert.equal(percentile(values, 0.95), 19);
  assert.equal(percentile([7], 0.95), 7);
});

test("times and sizes are written with about three digits", () => {
  assert.deepEqual([4.25, 250, 1234, 45_000].map(formatTime), ["4.3 ms", "250 ms", "1.23 s", "45 s"]);
  assert.deepEqual([512, 2048, 15 * 1024 ** 2, 3 * 1024 ** 3].map(formatBytes), [
    "512 B",
    "2.00 KiB",
    "15.0 MiB",
    "3.00 GiB",
  ]);
});
