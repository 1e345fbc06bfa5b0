import assert from "node:assert/strict";
import { lstatSync, utimesSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { floorMilliseconds, toDiskStat, toUtimesSeconds } from "./disk-stat.ts";

test("[DK17] a time is read towards the past, before 1970 as well", () => {
  for (const [nanoseconds, milliseconds] of [
    [1_700_000_000_123_000_000n, 1_700_000_000_123],
    [1_700_000_000_123_999_000n, 1_700_000_000_123],
    [0n, 0],
    [-1_000_000n, -1],
    [-999_001n, -1],
    [-500_000n, -1],
    [-1_500_000n, -2],
  ] as const) {
    assert.equal(floorMilliseconds(nanoseconds), milliseconds, String(nanoseconds));
  }
});

test("[DK17] a millisecond that a program set by floating-point seconds is the one that was meant", async () => {
  await using directory = await temporaryDirectory("stat");
  const path = directory.join("file");
  writeFileSync(path, "");
  for (let millisecond = 0; millisecond < 1000; millisecond += 7) {
    const meant = 1_700_000_000_000 + millisecond;
    for (const seconds of [meant / 1000, toUtimesSeconds(meant)]) {
      utimesSync(path, seconds, seconds);
      assert.equal(toDiskStat(lstatSync(path, { bigint: true }), null).modifiedMs, meant);
      assert.equal(Math.floor(lstatSync(path).mtimeMs), meant);
    }
  }
});
