import assert from "node:assert/strict";
import { test } from "node:test";
import { describeThreads, threadTimes, threadUse } from "./threads.ts";

test("what this process's first thread uses between two looks is told, and a process that is gone is left out", () => {
  const before = threadTimes([process.pid]);
  const end = performance.now() + 150;
  while (performance.now() < end);
  const used = threadUse(before, threadTimes([process.pid]));
  const main = used.find(({ name }) => name === "main");
  assert.ok(main && main.process === 0 && main.userSeconds > 0 && main.pageFaults >= 0);
  assert.match(describeThreads(used)[0] ?? "", /^ {2}process 1: [\d.]+ CPU s: .*main [\d.]+ \+ [\d.]+ \(\d+k faults\)/);
  assert.equal(threadTimes([2 ** 30]).size, 0);
});
