import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { entryId, openState, remoteFolder, rootId } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import { applyLocal, type ApplyContext } from "./local-operations.ts";
import { Offers } from "../books/offers.ts";
import { MountBook } from "../mounts/mount-book.ts";

test("[EN23] a folder that was left behind becomes the one that the server has at its place later", async () => {
  const { files, state, context, makeFolder } = open();
  const [first, second] = [entryId(1), entryId(2)];
  assert.equal(await makeFolder(first), true);
  const { inode } = state.local.find(first) ?? {};
  files.writeFile("a/x.tmp", new Uint8Array(1));
  state.transaction(() => state.remote.remove(first));
  assert.equal(await applyLocal(context, { do: "delete_local", id: first }), true);
  assert.deepEqual([...files.snapshot().keys()], ["a", "a/x.tmp"]);

  assert.equal(await makeFolder(second), true);
  assert.equal(state.localPath(second), "a");
  assert.equal(state.local.find(second)?.inode, inode);
  assert.deepEqual([...files.snapshot().keys()], ["a", "a/x.tmp"]);
});

test("[EN23] a folder that somebody made is taken over for nothing, and neither is a leftover twice", async () => {
  const { files, state, obstacles, makeFolder } = open();
  files.makeFolder("a");
  assert.equal(await makeFolder(entryId(1)), false);
  assert.deepEqual(obstacles, [entryId(1)]);
  assert.equal(state.local.find(entryId(1)), undefined);
  // Known and left behind once, it is a folder like any other after it was taken over.
  const { inode } = (await openVirtualDisk(files).stat("a")) ?? {};
  state.addLeftover(inode ?? "");
  assert.equal(await makeFolder(entryId(2)), true);
  assert.equal(state.isLeftover(inode ?? ""), false);
});

test("[EN27] an ignored folder that nobody knows of becomes the one that the server has at its place", async () => {
  const { files, state, makeFolder } = open();
  files.makeFolder("b.tmp");
  assert.equal(await makeFolder(entryId(1), "b.tmp"), true);
  assert.equal(state.localPath(entryId(1)), "b.tmp");
  files.writeFile("c.tmp", new Uint8Array(1));
  assert.equal(await makeFolder(entryId(2), "c.tmp"), false);
});

function open() {
  const files = new VirtualFileSystem({ nowNs: () => 0n });
  files.mount();
  const state = openState();
  const obstacles: EntryId[] = [];
  const context: ApplyContext = {
    state,
    disk: openVirtualDisk(files),
    offers: new Offers(state.database),
    newId: () => assert.fail("nothing needs a new id"),
    lookAgain: () => undefined,
    onProblem: (_id, _path, error) => assert.fail(error),
    onObstacle: (id) => obstacles.push(id),
    mounts: new MountBook(state),
    isIgnored: (path) => path.endsWith(".tmp"),
    checkRoot: () => Promise.resolve(),
  };
  const makeFolder = (id: EntryId, name = "a"): Promise<boolean> => {
    state.transaction(() => state.remote.put(remoteFolder(id, name)));
    return applyLocal(context, { do: "make_folder", id, place: { parentId: rootId, name } });
  };
  return { files, state, context, obstacles, makeFolder };
}
