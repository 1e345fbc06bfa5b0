import assert from "node:assert/strict";
import { test } from "node:test";
import { makeWorkspaceId } from "@satchel/protocol";
import { entryId, localLike, openState, remoteFile, remoteFolder } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import { applyLocal, type ApplyContext } from "../apply/local-operations.ts";
import { Offers } from "../books/offers.ts";
import { MountBook, type Mount } from "./mount-book.ts";

const shared = makeWorkspaceId(new Uint8Array(10).fill(1));
const [folder, file] = [entryId(1), entryId(2)];

/** A folder with a file, in all three trees. */
function openWithFolder() {
  const state = openState();
  const remote = remoteFolder(folder, "plans");
  const inside = { ...remoteFile(file, "a.txt", "content"), parentId: folder };
  state.transaction(() => {
    for (const item of [remote, inside]) {
      state.remote.put(item);
      state.local.put(localLike(item));
      state.synced.put(item);
    }
  });
  const mounts = new MountBook(state);
  return { state, mounts, become: () => state.transaction(() => mounts.add(folder, shared)) };
}

test("[EN100] a folder that becomes a mount is kept, and what was known below it is forgotten", () => {
  const { state, mounts, become } = openWithFolder();
  assert.deepEqual(mounts.placed(), []);
  become();
  for (const tree of [state.remote, state.local, state.synced]) {
    assert.ok(tree.find(folder));
    assert.equal(tree.find(file), undefined);
  }
  assert.equal(state.isChanged(file), false);
  assert.deepEqual(mounts.placed(), [{ workspaceId: shared, path: "plans" }]);
});

test("[EN100] a mount stays one over a restart, and after its end on the server, until it is withdrawn", () => {
  const { state, mounts, become } = openWithFolder();
  become();
  state.transaction(() => state.remote.remove(folder));
  mounts.tidy();
  const reopened = new MountBook(state);
  assert.equal(reopened.find(folder), shared);
  state.transaction(() => {
    state.local.remove(folder);
    state.synced.remove(folder);
  });
  reopened.tidy();
  assert.equal(reopened.has(folder), false);
  assert.equal(new MountBook(state).has(folder), false);
});

test("[EN100] what a transfer of before wrote down below a mount is forgotten again", () => {
  const { state, mounts, become } = openWithFolder();
  become();
  state.transaction(() => state.local.put(localLike({ ...remoteFile(file, "a.txt", "content"), parentId: folder })));
  mounts.tidy();
  assert.equal(state.local.find(file), undefined);
  assert.equal(state.isChanged(file), false);
});

async function endMount(isGone: boolean) {
  const { state, mounts, become } = openWithFolder();
  become();
  state.transaction(() => state.remote.remove(folder));
  const [withdrawn, looked]: [Mount[], string[]] = [[], []];
  const files = new VirtualFileSystem({ nowNs: () => 0n });
  files.mount();
  const context: ApplyContext = {
    offers: new Offers(state.database),
    state,
    mounts,
    mountHost: {
      placed: () => undefined,
      withdraw: async (mount) => {
        withdrawn.push(mount);
        return isGone;
      },
    },
    disk: openVirtualDisk(files),
    newId: () => assert.fail("nothing needs a new id"),
    lookAgain: (path) => looked.push(path),
    onProblem: (_id, _path, error) => assert.fail(error),
    onObstacle: (_id, _path, error) => assert.fail(error),
    isIgnored: () => false,
    checkRoot: async () => undefined,
  };
  assert.equal(await applyLocal(context, { do: "delete_local", id: folder }), true);
  assert.deepEqual(withdrawn, [{ workspaceId: shared, path: "plans" }]);
  assert.equal(mounts.has(folder), false);
  for (const tree of [state.local, state.synced]) assert.equal(tree.find(folder), undefined);
  assert.equal(state.isChanged(folder), false);
  return looked;
}

test("[EN101] a mount that ended is withdrawn and forgotten", async () => {
  assert.deepEqual(await endMount(true), []);
});

test("[EN101] what stays of a mount that ended is looked at as something new", async () => {
  assert.deepEqual(await endMount(false), ["plans"]);
});
