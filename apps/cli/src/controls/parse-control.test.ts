import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDays, formatTimeOfDay, parseDays, parseDuration, parseRate, parseTimeOfDay } from "./parse-control.ts";

const isUsage = { exitCode: 2 };

test("[CL32] time spans", () => {
  assert.equal(parseDuration("90s"), 90_000);
  assert.equal(parseDuration("1h30m"), 5_400_000);
  assert.equal(parseDuration("2d"), 172_800_000);
  for (const text of ["", "1", "h", "1x", "0s", "1h x", "999d", "-1h"])
    assert.throws(() => parseDuration(text), isUsage);
});

test("[CL33] rates are bytes a second", () => {
  assert.equal(parseRate("500k"), 500_000);
  assert.equal(parseRate("2M"), 2_000_000);
  assert.equal(parseRate("1.5 MB/s"), 1_500_000);
  assert.equal(parseRate("1MiB"), 1_048_576);
  assert.equal(parseRate("64KiB"), 65_536);
  assert.equal(parseRate("2000"), 2000);
  assert.equal(parseRate("off"), null);
  for (const text of ["", "fast", "0", "1", "-5k", "5 apples"]) assert.throws(() => parseRate(text), isUsage);
});

test("[CL33] times of the day and days of the week, as they are written and read", () => {
  assert.equal(parseTimeOfDay("8:05"), 485);
  assert.equal(parseTimeOfDay("24:00"), 1440);
  assert.equal(formatTimeOfDay(485), "08:05");
  for (const text of ["8", "25:00", "24:01", "12:60", "noon"]) assert.throws(() => parseTimeOfDay(text), isUsage);
  assert.deepEqual(parseDays("mon-fri"), [1, 2, 3, 4, 5]);
  assert.deepEqual(parseDays("sat,sun"), [0, 6]);
  assert.deepEqual(parseDays("fri-mon"), [0, 1, 5, 6]);
  assert.equal(formatDays([1, 2, 3, 4, 5]), "mon-fri");
  assert.equal(formatDays([0, 6]), "sat,sun");
  assert.equal(formatDays([0, 5, 6]), "fri-sun");
  assert.equal(formatDays([1, 3, 5]), "mon,wed,fri");
  for (const text of ["", "monday", "mon-", "mon-tue-wed"]) assert.throws(() => parseDays(text), isUsage);
});
