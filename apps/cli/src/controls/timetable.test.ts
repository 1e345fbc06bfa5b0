import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameWindow, ratesAt, type LimitRule } from "./timetable.ts";

const always: LimitRule = { up: 500, down: null, hours: null, days: null };
const office: LimitRule = { up: 100, down: 200, hours: { from: 8 * 60, to: 18 * 60 }, days: [1, 2, 3, 4, 5] };
const night: LimitRule = { up: null, down: 50, hours: { from: 22 * 60, to: 6 * 60 }, days: [5] };

test("[CL33] a rule holds in its hours on its days, and the strictest that holds counts", () => {
  const rules = [always, office];
  // 2026-11-23 is a Monday.
  assert.deepEqual(ratesAt(rules, new Date(2026, 10, 23, 7, 59)), { up: 500, down: null });
  assert.deepEqual(ratesAt(rules, new Date(2026, 10, 23, 8, 0)), { up: 100, down: 200 });
  assert.deepEqual(ratesAt(rules, new Date(2026, 10, 23, 17, 59)), { up: 100, down: 200 });
  assert.deepEqual(ratesAt(rules, new Date(2026, 10, 23, 18, 0)), { up: 500, down: null });
  assert.deepEqual(ratesAt(rules, new Date(2026, 10, 22, 12, 0)), { up: 500, down: null });
  assert.deepEqual(ratesAt([], new Date()), { up: null, down: null });
});

test("[CL33] hours that pass midnight belong to the day on which they begin", () => {
  const at = (day: number, hour: number): number | null => ratesAt([night], new Date(2026, 10, day, hour)).down;
  assert.equal(at(27, 21), null);
  assert.equal(at(27, 22), 50);
  assert.equal(at(28, 5), 50);
  assert.equal(at(28, 6), null);
  assert.equal(at(27, 5), null);
  assert.equal(at(28, 23), null);
});

test("[CL33] a rule takes the place of one for the same hours and days only", () => {
  assert.ok(isSameWindow(always, { ...always, up: 1 }));
  assert.ok(!isSameWindow(always, office));
});
