import assert from "node:assert/strict";
import { test } from "node:test";
import { agree } from "./agree.ts";
import { pruneBelow } from "./prune-below.ts";
import { entryId, localLike, openState, remoteFile, remoteFolder } from "./record.fixture.ts";
import { unmarkSettled } from "./unmark-settled.ts";

test("[EN13] an entry that came and went is not pending", () => {
  const state = openState();
  state.local.put(localLike(remoteFile(entryId(1), "a", "a")));
  state.local.remove(entryId(1));
  assert.equal(state.changedCount(), 1);
  unmarkSettled(state);
  assert.equal(state.changedCount(), 0);
});

test("[EN13] entries below a folder that is gone, which never were agreed on, are dropped from both trees", () => {
  const state = openState();
  const orphan = { ...remoteFile(entryId(2), "a", "a"), parentId: entryId(1) };
  state.local.put(localLike(orphan));
  state.remote.put(orphan);
  unmarkSettled(state);
  assert.equal(state.changedCount(), 0);
  assert.equal(state.local.find(entryId(2)), undefined);
  assert.equal(state.remote.find(entryId(2)), undefined);
});

test("[EN13] what is the same in all three trees is not pending, and what differs in one is", () => {
  const state = openState();
  const [same, edited, unread] = [
    remoteFile(entryId(1), "a", "a"),
    remoteFile(entryId(2), "b", "b"),
    remoteFile(entryId(3), "c", "c"),
  ];
  for (const record of [same, edited, unread]) {
    state.remote.put(record);
    agree(state, record.id, record, "all");
    state.local.put(localLike(record));
  }
  state.local.put({ ...localLike(edited), modifiedMs: 2000 });
  state.local.put({ ...localLike(unread), content: "unknown" });
  unmarkSettled(state);
  assert.deepEqual(state.changed().toSorted(), [entryId(2), entryId(3)].toSorted());
});

test("[EN15] what was below a folder in an earlier life of it is pruned, and is to be planned for", () => {
  const state = openState();
  const child = { ...remoteFolder(entryId(2), "b"), parentId: entryId(1) };
  const grandchild = { ...remoteFile(entryId(3), "c", "c"), parentId: entryId(2) };
  for (const record of [child, grandchild]) {
    state.remote.put(record);
    state.unmark(record.id);
  }
  pruneBelow(state, "remote", entryId(1));
  assert.equal(state.remote.find(entryId(2)), undefined);
  assert.equal(state.remote.find(entryId(3)), undefined);
  assert.deepEqual(state.changed().toSorted(), [entryId(2), entryId(3)].toSorted());
});
