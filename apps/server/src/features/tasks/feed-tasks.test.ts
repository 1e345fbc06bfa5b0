import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import { WorkspaceFixture } from "../../storage/metadata/contract/workspace-fixture.ts";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { taskPriority } from "../../storage/metadata/task-store.ts";
import { startTaskFeeder } from "./feed-tasks.ts";
import type { TaskKind } from "./task-kind.ts";
import { testClock, until } from "../../test-clock.fixture.ts";

const name = "look";

test("[WK7] each change that a kind asks for becomes a task, from the feed's beginning on, once, and over restarts; no more than may wait", async (t) => {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const feeders: ReturnType<typeof startTaskFeeder>[] = [];
  t.after(async () => {
    for (const each of feeders) await each.stop();
    await metadata.close();
  });
  const { host, move } = testClock();
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const ws = await WorkspaceFixture.create(metadata);
  const woken: string[] = [];
  const kind: TaskKind = {
    name,
    title: "A look",
    concurrency: 1,
    maxWaiting: 3,
    pausesMs: [],
    keyOf: ({ id, name: named, deleted }) => (deleted || named === "" || named.startsWith("no") ? undefined : id),
    run: async () => {},
  };
  const start = () => {
    const started = startTaskFeeder({
      metadata,
      bus,
      host,
      kinds: [kind],
      wake: (each) => void woken.push(each),
      onFailure: (error) => assert.fail(String(error)),
    });
    feeders.push(started);
    return started;
  };
  const tell = async (): Promise<void> => {
    const head = await ws.head();
    const { workspaceId } = ws;
    bus.publish({
      kind: "committed",
      workspaceId,
      before: head,
      after: head,
      origin: null,
      changes: [],
      isComplete: false,
      carried: [],
    });
  };
  const keys = async () => (await metadata.tasks.list(100)).map(({ key }) => key as EntryId).toSorted();
  const take = () => metadata.tasks.take({ kind: name, run: "a", nowMs: host.nowMs(), leaseMs: 1e12 });

  const [first, second] = [await ws.makeFolder("one"), await ws.makeFolder("two")];
  await ws.makeFolder("no");
  let feeder = start();
  move(1000);
  await until(async () => (await keys()).length === 2);
  assert.deepEqual(await keys(), [first, second].toSorted());
  assert.deepEqual(
    (await metadata.tasks.list(1)).map(({ priority }) => priority),
    [taskPriority.later],
  );
  await feeder.stop();
  for (let task = await take(); task; task = await take()) await metadata.tasks.finish(task, host.nowMs());

  // What came while nobody was there is found, and nothing of before again.
  const third = await ws.makeFolder("three");
  feeder = start();
  move(1000);
  await until(async () => (await keys()).length === 1);
  assert.deepEqual([await keys(), (await metadata.tasks.list(1))[0]?.priority], [[third], taskPriority.new]);

  // Too many wait: the rest stays in the feed until there is room.
  const more = [await ws.makeFolder("four"), await ws.makeFolder("five")];
  await tell();
  move(1000);
  await until(async () => (await keys()).length === 3);
  const last = await ws.makeFolder("six");
  await tell();
  move(1000);
  await feeder.stop();
  assert.deepEqual(await keys(), [third, ...more].toSorted());
  for (let task = await take(); task; task = await take()) await metadata.tasks.finish(task, host.nowMs());
  feeder = start();
  move(1000);
  await until(async () => (await keys()).length === 1);
  assert.deepEqual(await keys(), [last]);
  await feeder.stop();
  assert.ok(woken.length >= 4 && woken.every((each) => each === name));
});

test("[WK43] what is listed again stands behind what comes, leaves it room, and is listed once", async (t) => {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const { host, move } = testClock();
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const ws = await WorkspaceFixture.create(metadata);
  const old = [await ws.makeFolder("a"), await ws.makeFolder("b"), await ws.makeFolder("c")];
  const kind: TaskKind = {
    name,
    title: "A look",
    concurrency: 1,
    maxWaiting: 6,
    pausesMs: [],
    roundFeed: "again",
    keyOf: ({ id }) => id,
    run: async () => {},
  };
  const onFailure = (error: unknown): void => assert.fail(String(error));
  const feeder = startTaskFeeder({ metadata, bus, host, kinds: [kind], wake: () => {}, onFailure });
  t.after(async () => {
    await feeder.stop();
    await metadata.close();
  });
  const finishAll = async (): Promise<string[]> => {
    const done: string[] = [];
    for (;;) {
      const task = await metadata.tasks.take({ kind: name, run: "a", nowMs: host.nowMs(), leaseMs: 1e12 });
      if (!task) return done;
      await metadata.tasks.finish(task, host.nowMs());
      done.push(task.key);
    }
  };
  const waiting = async () => (await metadata.tasks.counts())[0]?.waiting ?? 0;
  const begin = (signatures: string) =>
    metadata.scans.beginRound({ kind: name, roundFeed: "again", signatures, againAfterMs: 0, nowMs: host.nowMs() });
  await begin("1");
  move(1000);
  await until(async () => (await waiting()) === 3);
  assert.deepEqual((await finishAll()).toSorted(), old.toSorted());

  // Something new comes while all is listed again.
  assert.equal(await begin("2"), true);
  const fresh = await ws.makeFolder("fresh");
  feeder.lookAgain();
  move(1000);
  await until(async () => (await waiting()) === 4);
  const done = await finishAll();
  assert.deepEqual([done[0], done.length], [fresh, 4]);

  // The round is through: what comes is read once.
  const next = await ws.makeFolder("next");
  feeder.lookAgain();
  move(1000);
  await until(async () => (await waiting()) === 1);
  assert.deepEqual(await finishAll(), [next]);
});

test("[WK7] where too many wait no other feed is read for nothing, and each has its turn", async (t) => {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const { host: clock, move } = testClock();
  const roundsAfterMs = 30_000;
  let rounds = 0;
  /** A round that left something ends with a look at the clock for the next one. */
  const host = {
    ...clock,
    after(delayMs: number, task: () => void) {
      if (delayMs === roundsAfterMs) rounds += 1;
      return clock.after(delayMs, task);
    },
  };
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const workspaces: WorkspaceFixture[] = [];
  for (let count = 0; count < 4; count += 1) workspaces.push(await WorkspaceFixture.create(metadata));
  for (const ws of workspaces) await ws.makeFolder("one");
  let reads = 0;
  const { maintenance, tasks } = metadata;
  const tree = {
    ...metadata.tree,
    changesSince: (query: Parameters<typeof metadata.tree.changesSince>[0]) => {
      reads += 1;
      return metadata.tree.changesSince(query);
    },
  };
  const kind: TaskKind = {
    name,
    title: "A look",
    concurrency: 1,
    maxWaiting: 1,
    pausesMs: [],
    keyOf: ({ id, name: named }) => (named === "one" ? id : undefined),
    run: async () => {},
  };
  const feeder = startTaskFeeder({
    metadata: { tree, maintenance, tasks },
    bus,
    host,
    kinds: [kind],
    wake: () => {},
    onFailure: (error) => assert.fail(String(error)),
  });
  t.after(async () => {
    await feeder.stop();
    await metadata.close();
  });
  const found = new Set<string>();
  for (const round of [1, 2, 3, 4]) {
    move(roundsAfterMs);
    // The last one leaves nothing.
    await until(async () => rounds === Math.min(round, 3) && (await tasks.counts()).length === 1);
    const task = await tasks.take({ kind: name, run: "a", nowMs: host.nowMs(), leaseMs: 1e12 });
    assert.ok(task && !found.has(task.workspaceId));
    found.add(task.workspaceId);
    // Each time the one that is fed, and the one that finds no room.
    assert.equal(reads, Math.min(2 * round, 7));
    await tasks.finish(task, host.nowMs());
  }
});
