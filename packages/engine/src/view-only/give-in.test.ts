import assert from "node:assert/strict";
import { test } from "node:test";
import { Offers } from "../books/offers.ts";
import type { RemoteOperation } from "@satchel/reconcile";
import { entryId, localLike, openState, remoteFile, remoteFolder, rootId } from "../books/record.fixture.ts";
import { IssueBook } from "../run/report/issues.ts";
import type { StateStore } from "../state/state-store.ts";
import { giveIn } from "./give-in.ts";

const [folder, file] = [entryId(1), entryId(2)];

function give(state: StateStore, ...refused: RemoteOperation[]) {
  const issues = new IssueBook();
  return {
    operations: giveIn(refused, { state, offers: new Offers(state.database), issues, nowMs: 0 }),
    issues: issues.list(),
  };
}

test("[EN105] what is new stays, and is told of", () => {
  const state = openState();
  state.transaction(() => state.local.put(localLike(remoteFile(file, "new.txt", "content"))));
  const { operations, issues } = give(state, {
    do: "create_remote",
    id: file,
    place: { parentId: rootId, name: "new.txt" },
  });
  assert.deepEqual(operations, []);
  assert.deepEqual(
    issues.map(({ path, code }) => [path, code]),
    [["new.txt", "view_only"]],
  );
});

test("[EN105] what was edited is set aside, what was moved goes back, and what was touched is as it was", () => {
  const state = openState();
  const remote = { ...remoteFile(file, "a.txt", "content"), modifiedMs: 5000, executable: true };
  state.transaction(() => state.remote.put(remote));
  const base = { parentId: rootId, name: "a.txt" };
  const place = { parentId: rootId, name: "b.txt" };
  const { operations, issues } = give(
    state,
    { do: "edit_remote", id: file },
    { do: "move_remote", id: file, place, base },
    { do: "touch_remote", id: file, modifiedMs: 1, executable: false },
  );
  assert.deepEqual(operations, [
    { do: "set_aside", id: file, split: true, conflictOf: file },
    { do: "move_local", id: file, place: base },
    { do: "set_attributes", id: file, modifiedMs: 5000, executable: true },
  ]);
  assert.deepEqual(issues, []);
});

test("[EN105] what was deleted is as if it had never been here, with all below it, and so comes again", () => {
  const state = openState();
  const inside = { ...remoteFile(file, "a.txt", "content"), parentId: folder };
  state.transaction(() => {
    for (const item of [remoteFolder(folder, "sub"), inside]) {
      state.remote.put(item);
      state.synced.put(item);
      state.unmark(item.id);
    }
  });
  const { operations } = give(state, { do: "delete_remote", id: folder });
  assert.deepEqual(operations, []);
  for (const id of [folder, file]) {
    assert.equal(state.synced.find(id), undefined);
    assert.ok(state.remote.find(id));
    assert.equal(state.isChanged(id), true);
  }
});
