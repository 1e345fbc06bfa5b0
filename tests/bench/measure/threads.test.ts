import assert from "node:assert/strict";
import { test } from "node:test";
import { describeThreads, threadTimes, threadUse, type ThreadUse } from "./threads.ts";

/** Long enough for a processor that others use to come to this process for a few of the system's ticks. */
const PATIENCE_MS = 60_000;

test("what this process's first thread uses between two looks is told, and a process that is gone is left out", () => {
  const before = threadTimes([process.pid]);
  const end = performance.now() + PATIENCE_MS;
  const look = (): ThreadUse[] => threadUse(before, threadTimes([process.pid]));
  const mainOf = (used: readonly ThreadUse[]): ThreadUse | undefined => used.find(({ name }) => name === "main");
  // What is used counts, and not the time that went by: others may have the processor.
  let used = look();
  while ((mainOf(used)?.userSeconds ?? 0) === 0 && performance.now() < end) used = look();
  const main = mainOf(used);
  assert.ok(main && main.process === 0 && main.userSeconds > 0 && main.pageFaults >= 0);
  assert.match(describeThreads(used)[0] ?? "", /^ {2}process 1: [\d.]+ CPU s: .*main [\d.]+ \+ [\d.]+ \(\d+k faults\)/);
  assert.equal(threadTimes([2 ** 30]).size, 0);
});
