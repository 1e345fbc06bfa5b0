import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiClient } from "@satchel/api-client";
import {
  makeEntryId,
  makeWorkspaceId,
  rootEntryId,
  type CommitOperation,
  type EntryId,
  type EntryState,
  type WorkspaceId,
} from "@satchel/protocol";
import { Workspaces } from "./workspaces.ts";

const workspaceOf = (byte: number): WorkspaceId => makeWorkspaceId(new Uint8Array(10).fill(byte));
const home = workspaceOf(0);

/** A server that says yes, and remembers what it was asked. */
function createFakeApi() {
  const followed: WorkspaceId[] = [];
  const closed: WorkspaceId[] = [];
  const commits: WorkspaceId[] = [];
  const listed: EntryId[] = [];
  let tell: ((changes: readonly EntryState[]) => void) | undefined;
  const api = {
    poll: async () => ({ cursor: "1", events: [] }),
    changes: async () => ({ cursor: "1", changes: [], has_more: false }),
    commit: async ({ workspace_id: id, operations }: { workspace_id: WorkspaceId; operations: unknown[] }) => {
      commits.push(id);
      return {
        results: operations.map(() => ({ status: "done", sequence: commits.length })),
        before: "1",
        cursor: "1",
      };
    },
    metadata: async ({ folderId }: { folderId: EntryId }) => {
      listed.push(folderId);
      return { entries: [], cursor: null };
    },
    subscribe: ({ workspaceId, onPush }: { workspaceId: WorkspaceId; onPush: (push: object) => void }) => {
      followed.push(workspaceId);
      if (workspaceId === home) tell = (changes) => onPush({ before: "1", cursor: "2", changes });
      return { close: () => closed.push(workspaceId), closed: Promise.resolve() };
    },
  };
  return {
    api: api as unknown as ApiClient,
    followed,
    closed,
    commits,
    listed,
    tell: (changes: readonly EntryState[]) => tell?.(changes),
  };
}

function createFolder(workspaceId: WorkspaceId, n: number): CommitOperation {
  const id = makeEntryId(workspaceId, new Uint8Array(10).fill(n));
  return { op: "create_folder", id, parent_id: rootEntryId(workspaceId), name: `folder ${n}` };
}

test("[WB13] operations are committed to the workspaces whose entries they name, and answered in their order", async () => {
  const { api, commits } = createFakeApi();
  const workspaces = await Workspaces.open(api, home);
  const shared = workspaceOf(1);
  const results = await workspaces.commit([
    createFolder(home, 1),
    createFolder(shared, 2),
    createFolder(shared, 3),
    createFolder(home, 4),
  ]);
  assert.deepEqual(commits, [home, shared, home]);
  assert.deepEqual(
    results.map((result) => (result.status === "done" ? result.sequence : undefined)),
    [1, 2, 2, 3],
  );
});

test("[WB13] the shared folders that were used last are followed, and one whose mount ends is not", async () => {
  const { api, followed, closed, tell } = createFakeApi();
  const workspaces = await Workspaces.open(api, home);
  workspaces.follow({ onEnd: () => undefined });
  for (let n = 1; n <= 9; n += 1) await workspaces.prepare(rootEntryId(workspaceOf(n)));
  await workspaces.prepare(rootEntryId(workspaceOf(9)));
  assert.equal(followed.length, 10);
  assert.deepEqual(closed, [workspaceOf(1)]);
  tell([{ deleted: true, type: "folder", mounts: workspaceOf(5) } as EntryState]);
  await workspaces.refresh();
  assert.deepEqual(closed, [workspaceOf(1), workspaceOf(5)]);
});

test("[WB13] a folder that isn't followed any more is read anew when it is next looked at", async () => {
  const { api, listed } = createFakeApi();
  const workspaces = await Workspaces.open(api, home);
  const first = rootEntryId(workspaceOf(1));
  await workspaces.prepare(first);
  workspaces.folders.watch(first, () => undefined)();
  workspaces.folders.watch(first, () => undefined)();
  assert.deepEqual(listed, [first]);
  for (let n = 2; n <= 9; n += 1) await workspaces.prepare(rootEntryId(workspaceOf(n)));
  workspaces.folders.watch(first, () => undefined)();
  assert.deepEqual(listed, [first, first]);
});
