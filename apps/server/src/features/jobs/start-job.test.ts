import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Host } from "../../host.ts";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { startJob } from "./start-job.ts";
import { withLease } from "./with-lease.ts";

/** A clock that a test moves, with what is due on it. */
function testHost() {
  const time = { nowMs: 0 };
  const due: { atMs: number; task: () => void }[] = [];
  const host: Host = {
    nowMs: () => time.nowMs,
    randomBytes,
    after(delayMs, task) {
      const entry = { atMs: time.nowMs + delayMs, task };
      due.push(entry);
      return () => void due.splice(due.indexOf(entry), due.includes(entry) ? 1 : 0);
    },
  };
  const moveTo = (nowMs: number): void => {
    time.nowMs = nowMs;
    for (const entry of due.filter(({ atMs }) => atMs <= nowMs)) {
      due.splice(due.indexOf(entry), 1);
      entry.task();
    }
  };
  return { host, moveTo, due };
}

test("[OP20] one of two processes does a job; when it stops, the other does", async () => {
  const { leases, close } = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const { host, moveTo, due } = testHost();
  const done: string[] = [];
  const errors: unknown[] = [];
  const start = (holder: string) =>
    startJob(
      {
        name: "The job",
        everyMs: 100,
        lease: withLease({ leases, host, holder }, { name: "job", forMs: 250 }),
        run: async () => void done.push(holder),
      },
      { host, logger: { error: (error: unknown) => errors.push(error) } },
    );
  const one = start("one");
  const other = start("other");
  /** Until both wait for their next round. */
  const rest = async (rounds: number): Promise<void> => {
    while (due.length < rounds) await new Promise((resolve) => void setImmediate(resolve));
  };
  for (const nowMs of [100, 200, 300]) {
    moveTo(nowMs);
    await rest(2);
  }
  assert.deepEqual(done, ["one", "one", "one"]);
  await one.stop();
  moveTo(400);
  await rest(1);
  assert.deepEqual(done, ["one", "one", "one", "other"]);
  await other.stop();
  await close();
  assert.deepEqual(errors, []);
});

test("[OP29] what a round came to is written down, also that it failed, and why", async () => {
  const { leases, jobRounds, close } = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const { host, moveTo, due } = testHost();
  let rounds = 0;
  const job = startJob(
    {
      name: "The job",
      everyMs: 100,
      lease: withLease({ leases, host, holder: "one" }, { name: "job", forMs: 250 }),
      run: async () => {
        rounds += 1;
        if (rounds === 2) throw new Error("the disk is full");
      },
      record: { store: jobRounds, name: "job" },
    },
    { host, logger: { error: () => undefined } },
  );
  const play = async (nowMs: number): Promise<void> => {
    moveTo(nowMs);
    while (due.length === 0) await new Promise((resolve) => void setImmediate(resolve));
  };
  await play(100);
  const round = { name: "job", beganAtMs: 100, endedAtMs: 100, error: null, dueAtMs: 200 };
  assert.deepEqual(await jobRounds.list(), [round]);
  await play(200);
  const failed = { ...round, beganAtMs: 200, endedAtMs: 200, error: "the disk is full", dueAtMs: 300 };
  assert.deepEqual(await jobRounds.list(), [failed]);
  await job.stop();
  await close();
});
