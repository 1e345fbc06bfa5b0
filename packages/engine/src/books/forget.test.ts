import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { agree } from "./agree.ts";
import { forget } from "./forget.ts";
import { entryId, localLike, openState, remoteFile, remoteFolder } from "./record.fixture.ts";

const [folder, inner, file, moved, pending] = [1, 2, 3, 4, 5].map(entryId) as [
  EntryId,
  EntryId,
  EntryId,
  EntryId,
  EntryId,
];

/** A folder with a folder and two files in it, the same everywhere. */
function openFilled(): ReturnType<typeof openState> {
  const state = openState();
  const records = [
    remoteFolder(folder, "folder"),
    { ...remoteFolder(inner, "inner"), parentId: folder },
    { ...remoteFile(file, "file", "content"), parentId: inner },
    { ...remoteFile(moved, "moved", "moved"), parentId: inner },
  ];
  for (const record of records) {
    state.remote.put(record);
    state.local.put(localLike(record));
    agree(state, record.id, record, "all");
    state.unmark(record.id);
  }
  return state;
}

test("[RC73] what is gone on both sides goes from all three trees with what was below it, and is not pending", () => {
  const state = openFilled();
  state.local.remove(folder);
  state.remote.remove(folder);
  forget(state, folder);
  for (const id of [folder, inner, file, moved])
    for (const tree of [state.local, state.remote, state.synced]) assert.equal(tree.find(id), undefined);
  assert.equal(state.changedCount(), 0);
});

test("[RC73] what lives elsewhere on one side by now stays there, and is pending", () => {
  const state = openFilled();
  const record = state.local.find(moved);
  assert.ok(record);
  state.local.put({ ...record, parentId: state.rootId });
  state.local.remove(folder);
  state.remote.remove(folder);
  forget(state, folder);
  assert.deepEqual(state.changed(), [moved]);
  assert.equal(state.local.find(moved)?.parentId, state.rootId);
  assert.equal(state.remote.find(moved), undefined);
  assert.equal(state.synced.find(moved), undefined);
});

test("[RC73] what only one side had below it is pruned there, also below a folder that the other side never had", () => {
  const state = openFilled();
  const own = { ...remoteFolder(pending, "own"), parentId: file };
  state.remote.put(own);
  state.local.put({ ...localLike(remoteFile(entryId(6), "in own", "x")), parentId: pending });
  state.local.remove(folder);
  state.remote.remove(folder);
  forget(state, folder);
  assert.equal(state.remote.find(pending), undefined);
  assert.equal(state.local.find(entryId(6)), undefined);
  assert.equal(state.changedCount(), 0);
});
