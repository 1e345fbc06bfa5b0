import assert from "node:assert/strict";
import { test } from "node:test";
import { Offers } from "../books/offers.ts";
import { agree } from "../books/agree.ts";
import { entryId, localLike, openState, remoteFile, remoteFolder, rootId } from "../books/record.fixture.ts";
import { unmarkSettled } from "../books/unmark-settled.ts";
import { IssueBook } from "../run/report/issues.ts";
import type { StateStore } from "../state/state-store.ts";
import { Exclusions } from "./exclusions.ts";

const clock = { nowMs: () => 1, sleep: () => Promise.resolve() };
const [folderId, fileId, movedId] = [entryId(1), entryId(2), entryId(3)];

/** A folder with a file in it, on both sides and agreed on. */
function openWithFolder(): StateStore {
  const state = openState();
  const folder = remoteFolder(folderId, "photos");
  const file = { ...remoteFile(fileId, "a", "a"), parentId: folderId };
  for (const record of [folder, file]) {
    state.remote.put(record);
    agree(state, record.id, record, "all");
    state.local.put(localLike(record));
  }
  unmarkSettled(state);
  return state;
}

function exclusionsOf(state: StateStore, ...wanted: ReturnType<typeof entryId>[]): Exclusions {
  return new Exclusions({ state, issues: new IssueBook(), clock, offers: new Offers(state.database), wanted });
}

test("[EN71] what was left out and is not on the disk has no base when it is taken in again, also when a crash was between the two", () => {
  const state = openWithFolder();
  exclusionsOf(state, folderId);
  // The disk lost it, and the process died before the books said so: the next start wants it again.
  const exclusions = exclusionsOf(state);
  assert.deepEqual(exclusions.returning, [folderId]);
  assert.ok(exclusions.isExcluded(fileId), "it is left out until the disk was looked at");
  state.local.remove(folderId);
  exclusions.takeIn(exclusions.returning);
  assert.equal(exclusions.isExcluded(fileId), false);
  assert.equal(state.synced.find(folderId), undefined);
  assert.equal(state.synced.find(fileId), undefined);
  const { plan } = exclusions.plan({});
  assert.deepEqual(
    plan.local.map(({ do: what, id }) => [what, id]),
    [
      ["make_folder", folderId],
      ["fetch", fileId],
    ],
  );
  assert.deepEqual(plan.remote, []);
});

test("[EN71] what is still on the disk keeps its base when it is taken in again", () => {
  const state = openWithFolder();
  const exclusions = exclusionsOf(state, folderId);
  exclusions.choose([]);
  exclusions.takeIn(exclusions.returning);
  unmarkSettled(state);
  assert.equal(state.changedCount(), 0);
});

test("[EN127] what was about to leave and is taken in again is an entry like any other, though the disk could not be read whole", () => {
  const state = openWithFolder();
  exclusionsOf(state, folderId);
  state.leaving.add(folderId);
  const exclusions = exclusionsOf(state);
  exclusions.takeIn(exclusions.returning);
  assert.deepEqual([state.localPath(folderId), state.leaving.isAny], ["photos", false]);
});

test("[EN78] what is left out and on the disk is something to do until it is gone, whatever else is settled", () => {
  const state = openWithFolder();
  const exclusions = exclusionsOf(state, folderId);
  unmarkSettled(state);
  state.unmark(folderId);
  assert.equal(exclusions.isAnyPresent, true);
  assert.deepEqual(exclusions.plan({}, [folderId]).withdrawn, [folderId]);
  state.local.remove(folderId);
  assert.equal(exclusions.isAnyPresent, false);
});

test("[EN72] what others move out of a folder that is left out is planned for, with all that is in it", () => {
  const state = openWithFolder();
  const exclusions = exclusionsOf(state, folderId);
  state.local.remove(folderId);
  const inner = { ...remoteFolder(movedId, "inner"), parentId: folderId };
  const innerFile = { ...remoteFile(entryId(4), "b", "b"), parentId: movedId };
  for (const record of [inner, innerFile]) state.remote.put(record);
  exclusions.plan({});
  assert.equal(state.changedCount(), 0, "what is away is not pending");
  state.remote.put({ ...inner, parentId: rootId, sequence: 2 });
  exclusions.onRemoteMoved(movedId);
  const { plan } = exclusions.plan({});
  assert.deepEqual(
    plan.local.map(({ id }) => id),
    [movedId, innerFile.id],
  );
});

test("[EN73] an entry at the place of one that is left out is an issue for as long as it is there", () => {
  const state = openWithFolder();
  const issues = new IssueBook();
  const exclusions = new Exclusions({ state, issues, clock, offers: new Offers(state.database), wanted: [folderId] });
  state.local.remove(folderId);
  exclusions.plan({});
  const mine = localLike({ ...remoteFolder(movedId, "photos") });
  state.local.put(mine);
  exclusions.plan({});
  assert.deepEqual(
    issues.list().map(({ path, code }) => [path, code]),
    [["photos", "name_excluded"]],
  );
  assert.ok(exclusions.isWaiting(movedId));
  state.local.put({ ...mine, name: "my photos" });
  const { plan } = exclusions.plan({});
  assert.deepEqual(issues.list(), []);
  assert.deepEqual(
    plan.remote.map(({ do: what }) => what),
    ["create_remote"],
  );
});
