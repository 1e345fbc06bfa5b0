import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample } from "../measure/sample.ts";
import { formatTables } from "./tables.ts";

const quiet = { cpuSeconds: 1, peakBytes: 2048, wireBytes: 1024, otherCores: 0 };

function cellsOf(samples: readonly Sample[]): string[] {
  const line = formatTables(samples).split("\n")[4] ?? "";
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test("a cell shows the median of the runs with the least and the most", () => {
  const samples = [300, 100, 200].map((timeMs, index): Sample => ({
    system: "x",
    row: "s1",
    run: index + 1,
    timesMs: [timeMs],
    usage: quiet,
  }));
  assert.deepEqual(cellsOf(samples), ["s1", "200 ms (100 ms–300 ms)"]);
});

test("a cell of many edits shows the 95th percentile", () => {
  const timesMs = Array.from({ length: 20 }, (_, index) => index + 11);
  assert.deepEqual(cellsOf([{ system: "x", row: "s3", run: 1, timesMs, usage: quiet }]), ["s3", "21 ms (p95 29 ms)"]);
});

test("what did not come in time is said, and so is a disturbed figure", () => {
  const usage = { ...quiet, otherCores: 1 };
  const never: Sample = { system: "x", row: "s2", run: 1, timesMs: [], notWithinMs: 60_000, usage };
  assert.deepEqual(cellsOf([never]), ["s2", "not in 60 s†"]);
  const once: Sample = { system: "x", row: "s2", run: 2, timesMs: [500], usage: quiet };
  assert.deepEqual(cellsOf([never, once]), ["s2", "500 ms, 1 of 2 never"]);
});
