import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import type { Host } from "./host.ts";

/** A host whose clock a test moves; what is due by then runs at once. */
export function testClock() {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly task: () => void }[] = [];
  const host: Host = {
    nowMs: () => nowMs,
    randomBytes,
    after(delayMs, task) {
      const timer = { atMs: nowMs + delayMs, task };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
  };
  return {
    host,
    move(byMs: number): void {
      nowMs += byMs;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { task } of due) task();
    },
  };
}

const patienceMs = 60_000;

/** Waits until it is so, whatever else the machine does. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await isSo());) {
    assert.ok(Date.now() < end, "it did not come about");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
