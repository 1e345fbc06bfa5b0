import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId, VersionId } from "@satchel/protocol";
import { entryId, localLike, openState, remoteFile, remoteFolder, rootId } from "../books/record.fixture.ts";
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

test("[EN113] what is set aside from a file keeps in mind which version both sides were made from, and what was there without one doesn't", async () => {
  const { files, state, context } = open();
  const ids = [entryId(8), entryId(9)];
  for (const [id, name] of [
    [entryId(1), "x.txt"],
    [entryId(2), "y.txt"],
  ] as const) {
    files.writeFile(name, new Uint8Array(1));
    const stat = await openVirtualDisk(files).stat(name);
    const remote = remoteFile(id, name, "theirs", 2);
    state.transaction(() => {
      state.remote.put(remote);
      state.local.put({ ...localLike(remote), inode: stat?.inode ?? "", fingerprint: stat?.fingerprint ?? "" });
    });
  }
  state.transaction(() => state.synced.put(remoteFile(entryId(1), "x.txt", "base", 1)));
  const splitting = { ...context, newId: () => ids.shift() ?? assert.fail() };
  for (const id of [entryId(1), entryId(2)])
    assert.equal(await applyLocal(splitting, { do: "set_aside", id, split: true, conflictOf: id }), true);
  assert.deepEqual([...files.snapshot().keys()], ["x (Conflicted copy).txt", "y (Conflicted copy).txt"]);
  assert.deepEqual([state.conflictBases.find(entryId(8)), state.conflictBases.find(entryId(9))], ["v1", undefined]);
  state.transaction(() => {
    state.local.remove(entryId(8));
    state.conflictBases.put(entryId(9), "v7" as VersionId);
  });
  assert.deepEqual([state.conflictBases.find(entryId(8)), state.conflictBases.find(entryId(9))], [undefined, "v7"]);
});

test("[EN113] a conflicted copy that was renamed elsewhere is none here either", async () => {
  const { files, state, context } = open();
  files.writeFile("copy.txt", new Uint8Array(1));
  const stat = await openVirtualDisk(files).stat("copy.txt");
  const [id, remote] = [entryId(1), remoteFile(entryId(1), "kept.txt", "same")];
  state.transaction(() => {
    state.remote.put(remote);
    const there = { inode: stat?.inode ?? "", fingerprint: stat?.fingerprint ?? "" };
    state.local.put({ ...localLike(remote), ...there, name: "copy.txt", conflictOf: entryId(2) });
  });
  const place = { parentId: rootId, name: "kept.txt" };
  assert.equal(await applyLocal(context, { do: "move_local", id, place }), true);
  assert.deepEqual([state.local.find(id)?.name, state.local.find(id)?.conflictOf], ["kept.txt", null]);
});

test("[EN9] an ignore file that goes, or is renamed, for the server is looked at where it was and where it is", async () => {
  const { files, state, context } = open();
  const looked: string[] = [];
  const looking = { ...context, lookAgain: (path: string): void => void looked.push(path) };
  for (const [nth, name] of [".satchelignore", "other"].entries()) {
    files.writeFile(name, Uint8Array.of(nth));
    const stat = await context.disk.stat(name);
    const file = remoteFile(entryId(nth + 1), name, name);
    state.transaction(() => {
      state.synced.put(file);
      state.local.put({ ...localLike(file), inode: stat?.inode ?? null, fingerprint: stat?.fingerprint ?? null });
    });
  }
  assert.equal(await applyLocal(looking, { do: "delete_local", id: entryId(1) }), true);
  assert.deepEqual(looked.splice(0), [".satchelignore"]);
  const place = { parentId: rootId, name: ".satchelignore" };
  assert.equal(await applyLocal(looking, { do: "move_local", id: entryId(2), place }), true);
  assert.deepEqual(looked, [".satchelignore"]);
});

test("[EN123] a folder that came to a file's place just before the file is moved is not moved for it", async () => {
  const { files, state, context, obstacles } = open();
  files.writeFile("a", new Uint8Array(1));
  files.makeFolder("other/inside");
  const { disk } = context;
  const stat = await disk.stat("a");
  const [id, remote] = [entryId(1), remoteFile(entryId(1), "b", "same")];
  const known = {
    ...localLike(remote),
    name: "a",
    inode: stat?.inode ?? null,
    fingerprint: stat?.fingerprint ?? null,
  };
  state.transaction(() => {
    state.remote.put(remote);
    state.local.put(known);
  });
  const exchangedAfterLook: typeof disk = {
    ...disk,
    stat: async (path) => {
      const there = await disk.stat(path);
      if (path === "a" && there?.type === "file") {
        files.rename("a", "aside");
        files.rename("other", "a");
      }
      return there;
    },
  };
  const looked: string[] = [];
  const lookAgain = (path: string): void => void looked.push(path);
  const place = { parentId: rootId, name: "b" };
  const move = { do: "move_local", id, place } as const;
  assert.equal(await applyLocal({ ...context, disk: exchangedAfterLook, lookAgain }, move), false);
  // What is set aside of a content that nobody has read isn't looked at before.
  state.transaction(() => state.local.put({ ...known, content: "unknown" }));
  const setAside = { do: "set_aside", id, split: false, conflictOf: null } as const;
  assert.equal(await applyLocal({ ...context, lookAgain }, setAside), false);
  assert.deepEqual([...files.snapshot().keys()].toSorted(), ["a", "a/inside", "aside"]);
  assert.deepEqual(state.local.find(id), { ...known, content: "unknown" });
  assert.deepEqual(
    [looked, obstacles],
    [
      ["a", "b", "a"],
      [id, id],
    ],
  );
});

test("[EN93] a folder that is set aside is looked at again, with all that was just written in it", async () => {
  const { files, state, context, makeFolder } = open();
  const id = entryId(1);
  assert.equal(await makeFolder(id), true);
  const looked: string[] = [];
  const lookAgain = (path: string): void => void looked.push(path);
  const setAside = { do: "set_aside", id, split: false, conflictOf: null } as const;
  assert.equal(await applyLocal({ ...context, lookAgain }, setAside), true);
  assert.deepEqual([...files.snapshot().keys()], ["a (Conflicted copy)"]);
  assert.deepEqual([state.localPath(id), looked], ["a (Conflicted copy)", ["a (Conflicted copy)/"]]);
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
