import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { WorkspaceId } from "@satchel/protocol";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import { WorkspaceFixture } from "../../storage/metadata/contract/workspace-fixture.ts";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { openInThreadSearchIndex } from "../../storage/search/sqlite/open-in-thread-search.ts";
import { startIndexer } from "./indexer.ts";

async function setUp(t: TestContext, workspaces: number) {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const index = await openInThreadSearchIndex({ path: ":memory:", key: randomBytes(32) });
  const ids: WorkspaceId[] = [];
  for (let nth = 0; nth < workspaces; nth += 1) {
    const fixture = await WorkspaceFixture.create(metadata);
    await fixture.makeFile("file.txt");
    ids.push(fixture.workspaceId);
  }
  const failing = new Set<WorkspaceId>();
  const failures: unknown[] = [];
  const tree: typeof metadata.tree = {
    ...metadata.tree,
    changesSince: async (query) => {
      if (failing.has(query.workspaceId)) throw new Error(`no feed of ${query.workspaceId}`);
      return metadata.tree.changesSince(query);
    },
  };
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const clock = { nowMs: 0 };
  const timers = new Map<() => void, number>();
  const after = (delayMs: number, task: () => void) => {
    timers.set(task, clock.nowMs + delayMs);
    return () => void timers.delete(task);
  };
  const indexer = startIndexer({
    index,
    metadata: { tree, maintenance: metadata.maintenance },
    bus,
    host: { nowMs: () => clock.nowMs, randomBytes, after },
    onFailure: (error) => void failures.push(error),
  });
  t.after(async () => {
    await indexer.stop();
    await index.close();
    await metadata.close();
  });
  const indexed = async (): Promise<number> => (await index.positions(ids)).filter((position) => position).length;
  /** Lets time pass, and what is due begin. */
  const pass = (ms: number): void => {
    clock.nowMs += ms;
    for (const [task, atMs] of timers) if (atMs <= clock.nowMs && timers.delete(task)) task();
  };
  /** In how many milliseconds something begins. */
  const due = (): number[] => [...timers.values()].map((atMs) => atMs - clock.nowMs).toSorted((a, b) => a - b);
  const committed = (workspaceId: WorkspaceId): void => {
    const position = { epoch: "", sequence: 1 };
    const nothing = { origin: null, before: position, after: position, changes: [], isComplete: true, carried: [] };
    bus.publish({ kind: "committed", workspaceId, ...nothing });
  };
  return { indexer, ids, failing, failures, indexed, pass, due, committed };
}

test("[SR13] a workspace that can't be indexed is told, keeps none of the others away, and is looked at again", async (t) => {
  const { indexer, ids, failing, failures, indexed } = await setUp(t, 4);
  for (const id of ids.toSorted().slice(0, 1)) failing.add(id);
  await indexer.catchUp();
  assert.deepEqual([failures.length, await indexed()], [1, 3]);
  failing.clear();
  await indexer.catchUp();
  assert.deepEqual([failures.length, await indexed()], [1, 4]);
});

test("[SR13] while one workspace waits to be looked at again, what comes in others is indexed as soon as ever", async (t) => {
  const { indexer, ids, failing, failures, indexed, pass, due, committed } = await setUp(t, 2);
  const [broken, sound] = ids as [WorkspaceId, WorkspaceId];
  failing.add(broken);
  pass(2000);
  await indexer.catchUp();
  assert.deepEqual([failures.length, due()], [2, [30_000]]);
  committed(broken);
  assert.deepEqual(due(), [30_000]);
  committed(sound);
  assert.deepEqual(due(), [1000, 30_000]);
  failing.clear();
  pass(30_000);
  await indexer.catchUp();
  assert.deepEqual([failures.length, await indexed()], [2, 2]);
});

test("[SR13] where one workspace after the other fails, the round ends", async (t) => {
  const { indexer, ids, failing, failures, indexed } = await setUp(t, 13);
  for (const id of ids) failing.add(id);
  await assert.rejects(indexer.catchUp(), /no feed/);
  assert.deepEqual([failures.length, await indexed()], [10, 0]);
});
