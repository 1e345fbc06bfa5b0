import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { WorkspaceId } from "@satchel/protocol";
import type { BusMessage } from "../../storage/bus/bus.ts";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import { WorkspaceFixture } from "../../storage/metadata/contract/workspace-fixture.ts";
import type { OutboxStore, UnsentCommit } from "../../storage/metadata/outbox-store.ts";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { systemHost } from "../../system-host.ts";
import { createOutbox } from "./outbox.ts";
import { relayOnce } from "./start-relay.ts";

/** An outbox in memory: the database of these tests, which one process has, keeps none. */
function memoryOutbox(unsent: UnsentCommit[]): OutboxStore & { readonly unsent: UnsentCommit[] } {
  return {
    unsent,
    list: async ({ madeBeforeMs, limit }) =>
      unsent.filter(({ after }) => (after.madeAtMs ?? 0) <= madeBeforeMs).slice(0, limit),
    async forget(told) {
      for (const { workspaceId, sequence } of told) {
        const at = unsent.findIndex((one) => one.workspaceId === workspaceId && one.after.sequence === sequence);
        if (at >= 0) unsent.splice(at, 1);
      }
    },
  };
}

test("[BU8] a commit whose process died before it told is told by another: once for all of a workspace, up to its present head", async () => {
  const store = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const ws = await WorkspaceFixture.create(store);
  const unsent: UnsentCommit[] = [];
  for (const name of ["one", "two"]) {
    const before = await ws.head();
    await ws.makeFolder(name);
    unsent.push({ workspaceId: ws.workspaceId, before, after: await ws.head() });
  }
  const [first] = unsent;
  const gone = { ...(first as UnsentCommit), workspaceId: "no such workspace" as WorkspaceId };
  const late = { ...(first as UnsentCommit), after: { sequence: 99, epoch: "e", madeAtMs: ws.nowMs + 1_000_000 } };
  const outbox = memoryOutbox([...unsent, gone, late]);
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const heard: BusMessage[] = [];
  bus.subscribe((message) => heard.push(message));
  const host = { ...systemHost, nowMs: () => ws.nowMs + 10_000 };
  const parts = { metadata: { outbox, tree: store.tree, leases: store.leases }, bus, host };
  assert.equal(await relayOnce(parts), 3);
  assert.deepEqual(heard, [
    {
      kind: "committed",
      workspaceId: ws.workspaceId,
      before: first?.before,
      after: await ws.head(),
      origin: null,
      changes: [],
      isComplete: false,
      carried: [],
    },
  ]);
  assert.deepEqual(outbox.unsent, [late]);
  assert.equal(await relayOnce(parts), 0);
  await store.close();
});

test("[BU8] what could not be told stays, and is told in the next round", async () => {
  const store = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const ws = await WorkspaceFixture.create(store);
  const before = await ws.head();
  await ws.makeFolder("one");
  const outbox = memoryOutbox([{ workspaceId: ws.workspaceId, before, after: await ws.head() }]);
  const host = { ...systemHost, nowMs: () => ws.nowMs + 10_000 };
  const tree = { ...store.tree, head: () => Promise.reject(new Error("the database is away")) };
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  await assert.rejects(relayOnce({ metadata: { outbox, tree, leases: store.leases }, bus, host }), /away/);
  assert.equal(outbox.unsent.length, 1);
  await store.close();
});

test("[BU8] told commits leave the outbox together, and the last ones when it closes", async () => {
  const due: (() => void)[] = [];
  const forgotten: number[][] = [];
  const failures: unknown[] = [];
  const store = {
    ...memoryOutbox([]),
    forget: async (told: readonly { readonly sequence: number }[]) => {
      forgotten.push(told.map(({ sequence }) => sequence));
      if (forgotten.length === 2) throw new Error("down");
    },
  };
  const host = { after: (_: number, task: () => void) => (due.push(task), () => {}) };
  const outbox = createOutbox({ store, host, onFailure: (error) => failures.push(error) });
  const workspaceId = "w" as WorkspaceId;
  const turn = async (): Promise<void> => {
    due.shift()?.();
    await new Promise((resolve) => void setImmediate(resolve));
  };
  outbox.told(workspaceId, 1);
  outbox.told(workspaceId, 2);
  await turn();
  outbox.told(workspaceId, 3);
  await turn();
  outbox.told(workspaceId, 4);
  await outbox.close();
  assert.deepEqual(forgotten, [[1, 2], [3], [4]]);
  assert.equal(failures.length, 1);
});
