import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId, type WorkspaceId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { keepGivenUpTasksMs, taskPriority, type TakenTask, type TaskPriority } from "../task-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of tasks. */
export function tasksContract(getStore: () => MetadataStore): void {
  /** Words for tasks of a kind that no other test knows. */
  const newKind = (workspaceId: WorkspaceId = makeWorkspaceId(randomBytes(idPartBytes))) => {
    const kind = randomBytes(6).toString("hex");
    const { tasks } = getStore();
    return {
      kind,
      add: (key: string, nowMs: number, priority: TaskPriority = taskPriority.new, maxWaiting = 100) =>
        tasks.add([{ workspaceId, kind, key, priority }], { nowMs, maxWaiting }),
      take: (nowMs: number, run = "a", leaseMs = 100) => tasks.take({ kind, run, nowMs, leaseMs }),
      taken: async (nowMs: number, run = "a"): Promise<TakenTask> => {
        const task = await tasks.take({ kind, run, nowMs, leaseMs: 100 });
        assert.ok(task);
        return task;
      },
      nextDueMs: () => tasks.nextDueMs([kind]),
      counts: async () => {
        const found = (await tasks.counts()).find((each) => each.kind === kind);
        return found && [found.waiting, found.running, found.givenUp];
      },
      listed: async () => (await tasks.list(1000)).filter((each) => each.kind === kind),
    };
  };

  test("[WK1] a task is taken by one at a time, and again only once its lease ran out", async () => {
    const { tasks } = getStore();
    const { kind, add, take, counts, nextDueMs } = newKind();
    for (const key of ["x", "y"]) assert.equal(await add(key, 10), true);
    assert.deepEqual([await nextDueMs(), await take(9)], [10, undefined]);
    const all = await Promise.all(["a", "b", "c", "d"].map((run) => take(50, run)));
    assert.deepEqual(all.flatMap((one) => (one ? [one.key] : [])).toSorted(), ["x", "y"]);
    assert.deepEqual(await counts(), [0, 2, 0]);
    assert.equal(await take(149), undefined);
    const again = await take(150, "e");
    assert.deepEqual([again?.attempts, again?.run, again?.kind], [2, "e", kind]);
    // Whoever had it before changes nothing any more.
    const before = all.find((one) => one?.key === again?.key);
    assert.ok(before && again);
    await tasks.finish(before, 151);
    assert.equal(await tasks.prolong(before, { untilMs: 999, progress: null }), false);
    assert.equal(await tasks.prolong(again, { untilMs: 300, progress: { done: 1, total: 4 } }), true);
    assert.deepEqual(
      (await newKindList(kind))
        .map(({ dueAtMs, isTaken, progress }) => [dueAtMs, isTaken, progress])
        .filter(([, , p]) => p),
      [[300, true, { done: 1, total: 4 }]],
    );
    await tasks.finish(again, 152);
    assert.deepEqual(await counts(), [0, 1, 0]);
  });

  const newKindList = async (kind: string) => (await getStore().tasks.list(1000)).filter((each) => each.kind === kind);

  test("[WK2] what somebody waits for comes first, then what is due longest; other kinds stand in nobody's way", async () => {
    const { add, taken, take } = newKind();
    const other = newKind();
    await other.add("other", 1, taskPriority.asked);
    await add("later", 1, taskPriority.later);
    await add("newer", 3);
    await add("new", 2);
    await add("asked", 4, taskPriority.asked);
    const order: string[] = [];
    for (let nth = 0; nth < 4; nth += 1) order.push((await taken(10)).key);
    assert.deepEqual(order, ["asked", "new", "newer", "later"]);
    assert.equal(await take(10), undefined);
  });

  test("[WK3] what is added twice is one task; what is wanted anew while it is done is done again", async () => {
    const { tasks } = getStore();
    const { add, taken, take, counts, listed } = newKind();
    await add("x", 1, taskPriority.later);
    await add("x", 2, taskPriority.asked);
    assert.deepEqual(
      (await listed()).map(({ priority, attempts }) => [priority, attempts]),
      [[taskPriority.asked, 0]],
    );
    const first = await taken(10);
    await add("x", 11);
    assert.equal(await take(12), undefined);
    await tasks.finish(first, 13);
    const second = await taken(13);
    assert.equal(second.attempts, 1);
    await tasks.finish(second, 14);
    assert.equal(await counts(), undefined);
  });

  test("[WK4] a task that failed waits for its next try, or is given up until somebody wants it again", async () => {
    const { tasks, maintenance } = getStore();
    const { kind, add, taken, take, counts, listed } = newKind();
    await add("x", 1);
    await tasks.putOff(await taken(1), { dueAtMs: 50, error: "not now", nowMs: 2 });
    assert.equal(await take(49), undefined);
    assert.deepEqual(
      (await listed()).map(({ error, isTaken }) => [error, isTaken]),
      [["not now", false]],
    );
    const again = await taken(50);
    assert.equal(again.attempts, 2);
    await tasks.putOff(again, { dueAtMs: null, error: "never", nowMs: 51 });
    assert.deepEqual([await counts(), await take(9999)], [[0, 0, 1], undefined]);
    assert.equal(await tasks.retry({ kind: "no such kind", nowMs: 60 }), 0);
    assert.equal(await tasks.retry({ kind, nowMs: 60 }), 1);
    assert.equal((await taken(60)).attempts, 1);
    // Wanted anew while it failed for ever: that was about what is no longer so.
    await add("y", 70);
    const y = await taken(70);
    await add("y", 71);
    await tasks.putOff(y, { dueAtMs: null, error: "never", nowMs: 72 });
    assert.equal((await taken(72)).attempts, 1);
    await add("z", 80);
    await tasks.putOff(await taken(80), { dueAtMs: null, error: "never", nowMs: 81 });
    await maintenance.dropExpired({ nowMs: 80 + keepGivenUpTasksMs, idempotencyBeforeMs: 0 });
    assert.deepEqual((await listed()).map(({ key }) => key).toSorted(), ["x", "y"]);
  });

  test("[WK5] a task that is given back is due at once, and was not tried", async () => {
    const { tasks } = getStore();
    const { add, taken } = newKind();
    await add("x", 1);
    await tasks.release(await taken(5), 6);
    assert.equal((await taken(6)).attempts, 1);
  });

  test("[WK6] no more tasks of a kind wait than may, and of several that come together all are taken on or none", async () => {
    const { tasks } = getStore();
    const { kind, add, counts } = newKind();
    const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
    const both = ["x", "y"].map((key) => ({ workspaceId, kind, key, priority: taskPriority.new }));
    assert.equal(await tasks.add(both, { nowMs: 1, maxWaiting: 2 }), true);
    assert.equal(await add("z", 1, taskPriority.asked, 2), false);
    assert.deepEqual(await counts(), [2, 0, 0]);
  });

  test("[WK7] a page of a feed is looked through once, whoever does it; what is full takes none of it", async () => {
    const { tasks } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const { workspaceId } = ws;
    const { kind, counts } = newKind(workspaceId);
    const after = { sequence: 7, epoch: ws.epoch, listingHead: 9, madeAtMs: 5 };
    const page = {
      workspaceId,
      kind,
      feed: kind,
      before: undefined,
      after,
      keys: ["x", "y"],
      priority: taskPriority.later,
    };
    assert.equal(await tasks.findPosition({ workspaceId, feed: kind }), undefined);
    assert.equal(await tasks.feed(page, { nowMs: 1, maxWaiting: 10 }), "fed");
    assert.deepEqual(await tasks.findPosition({ workspaceId, feed: kind }), after);
    assert.equal(await tasks.feed(page, { nowMs: 1, maxWaiting: 10 }), "moved");
    const next = { ...page, before: after, after: { sequence: 8, epoch: ws.epoch }, keys: ["z"] };
    assert.equal(await tasks.feed(next, { nowMs: 1, maxWaiting: 2 }), "full");
    assert.equal(await tasks.feed({ ...next, keys: [] }, { nowMs: 1, maxWaiting: 2 }), "fed");
    assert.deepEqual(await tasks.findPosition({ workspaceId, feed: kind }), next.after);
    assert.deepEqual(await counts(), [2, 0, 0]);
    const gone = { ...page, workspaceId: makeWorkspaceId(randomBytes(idPartBytes)) };
    assert.equal(await tasks.feed(gone, { nowMs: 1, maxWaiting: 10 }), "gone");
  });

  test("[SE71] with a workspace go its tasks, and how far its feed was looked through", async () => {
    const { tasks, privacy } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const { workspaceId } = ws;
    const { kind, counts } = newKind(workspaceId);
    const after = { sequence: 1, epoch: ws.epoch };
    const keys = ["x", "y", "z"];
    const page = { workspaceId, kind, feed: kind, before: undefined, after, keys, priority: taskPriority.new };
    assert.equal(await tasks.feed(page, { nowMs: 1, maxWaiting: 10 }), "fed");
    for (let isDone = false; !isDone;) isDone = await privacy.eraseStep(ws.accountId, 2);
    assert.deepEqual([await counts(), await tasks.findPosition({ workspaceId, feed: kind })], [undefined, undefined]);
  });
}
