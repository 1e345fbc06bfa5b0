import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import { idPartBytes, makeWorkspaceId } from "@satchel/protocol";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { taskPriority } from "../../storage/metadata/task-store.ts";
import { startTaskRunner, type TaskRunner } from "./run-tasks.ts";
import { TaskRefusedError, type TaskKind } from "./task-kind.ts";
import { taskLeaseMs } from "./task-lease.ts";
import { testClock, until } from "../../test-clock.fixture.ts";

const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
const name = "try";

/** One database, a clock, and any number of processes that do tasks of one kind. */
async function workplace(t: TestContext) {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const runners: TaskRunner[] = [];
  t.after(async () => {
    for (const runner of runners) await runner.stop();
    await metadata.close();
  });
  const store = metadata.tasks;
  const { host, move } = testClock();
  const failures: string[] = [];
  const start = (run: TaskKind["run"], settings: Partial<TaskKind> = {}) => {
    const kind = { name, title: "A try", concurrency: 2, maxWaiting: 100, pausesMs: [1000, 5000], run, ...settings };
    const onFailure = (error: unknown): void => void failures.push(String(error));
    const runner = startTaskRunner({ store, kinds: [kind], host, lookEveryMs: 60_000, onFailure });
    runners.push(runner);
    return runner;
  };
  const add = (...keys: string[]) =>
    store.add(
      keys.map((key) => ({ workspaceId, kind: name, key, priority: taskPriority.new })),
      { nowMs: host.nowMs(), maxWaiting: 100 },
    );
  const counts = async () => {
    const [found] = await store.counts();
    return found && [found.waiting, found.running, found.givenUp];
  };
  return { store, host, move, start, add, counts, failures };
}

test("[WK1] tasks are done once each, no more at a time than may be, and leave nothing", async (t) => {
  const { start, add, counts, failures } = await workplace(t);
  const done: string[] = [];
  let atOnce = 0;
  let most = 0;
  const run: TaskKind["run"] = async ({ key }) => {
    most = Math.max(most, (atOnce += 1));
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    done.push(key);
  };
  const keys = Array.from({ length: 20 }, (_, nth) => `key-${nth}`);
  const runner = start(run);
  await add(...keys);
  runner.wake(name);
  await until(async () => (await counts()) === undefined);
  assert.deepEqual(done.toSorted(), keys.toSorted());
  assert.deepEqual([most, failures], [2, []]);
});

test("[WK4] a task that fails is tried again after its pauses, then given up; one that no try can help, at once", async (t) => {
  const { store, host, start, add, counts, move, failures } = await workplace(t);
  let tries = 0;
  await add("fails");
  const runner = start(async ({ key }) => {
    if (key === "refused") throw new TaskRefusedError("never");
    tries += 1;
    throw new Error("not now");
  });
  for (const pauseMs of [1000, 5000]) {
    const dueMs = host.nowMs() + pauseMs;
    await until(async () => (await store.list(1)).some((task) => !task.isTaken && task.dueAtMs === dueMs));
    const before = tries;
    move(pauseMs);
    await until(() => {
      runner.wake(name);
      return tries > before;
    });
  }
  await until(async () => (await counts())?.[2] === 1);
  assert.equal(tries, 3);
  const [given] = await store.list(1);
  assert.deepEqual([given?.dueAtMs, given?.error], [null, "not now"]);
  await add("refused");
  runner.wake(name);
  await until(async () => (await counts())?.[2] === 2);
  await until(() => failures.length === 2);
});

test("[WK1] the task of a process that died is done by another once its lease ran out; a lost one is ended", async (t) => {
  const { store, host, start, add, counts, move } = await workplace(t);
  await add("x");
  const dead = await store.take({ kind: name, run: "dead", nowMs: host.nowMs(), leaseMs: taskLeaseMs });
  const signals: AbortSignal[] = [];
  const ends: (() => void)[] = [];
  const runner = start(async (_task, { signal, progress }) => {
    signals.push(signal);
    progress({ done: 1, total: 2 });
    await new Promise<void>((resolve) => {
      ends.push(resolve);
      signal.addEventListener("abort", () => resolve());
    });
  });
  await until(async () => (await store.nextDueMs([name])) === taskLeaseMs);
  assert.deepEqual([dead?.key, signals.length], ["x", 0]);
  move(taskLeaseMs);
  await until(() => {
    runner.wake(name);
    return signals.length === 1;
  });
  // It keeps its lease while it works, and says how far it is.
  const leasedUntil = await store.nextDueMs([name]);
  move(taskLeaseMs / 3);
  await until(async () => (await store.list(1))[0]?.progress?.done === 1);
  assert.ok(((await store.nextDueMs([name])) ?? 0) > (leasedUntil ?? 0));
  assert.deepEqual([await counts(), signals[0]?.aborted], [[0, 1, 0], false]);
  // Somebody else has it: a machine that slept for longer than its lease.
  const stolen = await store.take({ kind: name, run: "thief", nowMs: host.nowMs() + 10 * taskLeaseMs, leaseMs: 1e9 });
  assert.equal(stolen?.key, "x");
  await until(() => {
    move(1000);
    return signals[0]?.aborted === true;
  });
  assert.deepEqual(await counts(), [0, 1, 0]);
});

test("[WK5] a server that stops gives back what it has in hands; what kills each process is given up", async (t) => {
  const { store, host, start, add, counts, move } = await workplace(t);
  await add("x");
  let isUnderWay = false;
  const run: TaskKind["run"] = async (_task, { signal }) => {
    isUnderWay = true;
    await new Promise<void>((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
  };
  const runner = start(run);
  await until(() => isUnderWay);
  await runner.stop();
  assert.deepEqual(
    (await store.list(1)).map(({ attempts, isTaken }) => [attempts, isTaken]),
    [[0, false]],
  );
  for (let death = 0; death < 3; death += 1) {
    assert.ok(await store.take({ kind: name, run: `dead-${death}`, nowMs: host.nowMs(), leaseMs: taskLeaseMs }));
    move(taskLeaseMs);
  }
  isUnderWay = false;
  start(run);
  await until(async () => (await counts())?.[2] === 1);
  assert.equal(isUnderWay, false);
  assert.match((await store.list(1))[0]?.error ?? "", /the process ended/);
});
