import assert from "node:assert/strict";
import { test } from "node:test";
import { agree } from "../books/agree.ts";
import { Offers } from "../books/offers.ts";
import { remoteFile } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { MountBook } from "../mounts/mount-book.ts";
import { DiskError, type Disk } from "../ports/disk.ts";
import { openScanner } from "../scan/scanner.fixture.ts";
import type { StateStore } from "../state/state-store.ts";
import { withdraw, type WithdrawContext } from "./withdraw.ts";

test("[EN127] a file made at the name of one that was withdrawn just before a kill is another one", async () => {
  const device = await openWithFile();
  const { files, scanner, state, context, find, id } = device;
  // It dies once the disk has done it: what the books were told from then on is lost.
  await assert.rejects(withdraw({ ...context, disk: dyingAfterRemoval(context.disk) }, [id]), /killed/);
  state.abandon();
  assert.equal(find("a")?.id, id);
  files.writeFile("a", Buffer.from("another"));
  await scanner.scanAll();
  assert.notEqual(find("a")?.id, id);
  assert.equal(state.local.find(id), undefined);
  assert.equal(state.leaving.isAny, false);
});

test("[EN127] a file made at the name of one of which the disk says that its removal failed is another one", async () => {
  const { files, scanner, state, context, find, id } = await openWithFile();
  assert.equal(await withdraw({ ...context, disk: failingAfterRemoval(context.disk) }, [id]), false);
  assert.ok(state.leaving.has(id));
  files.writeFile("a", Buffer.from("another"));
  await scanner.scanHints(new Set(["a"]));
  assert.notEqual(find("a")?.id, id);
  assert.equal(state.local.find(id), undefined);
});

test("[EN127] a folder made at the name of one that was withdrawn just before a kill is another one, with what is in it", async () => {
  const { files, scanner, state, context, ids } = await openWithFile("d/a");
  const [folder, file] = [ids().get("d"), ids().get("d/a")];
  assert.ok(folder && file);
  await assert.rejects(withdraw({ ...context, disk: dyingAfterRemoval(context.disk) }, [folder]), /killed/);
  state.abandon();
  files.remove("d");
  files.makeFolder("d");
  files.writeFile("d/a", Buffer.from("another"));
  await scanner.scanAll();
  assert.deepEqual([...ids().keys()].toSorted(), ["d", "d/a"]);
  assert.notEqual(ids().get("d"), folder);
  assert.notEqual(ids().get("d/a"), file);
});

test("[EN127] what is still there after a kill, or was edited in its place, is the one that it was", async () => {
  const { files, scanner, state, context, find, id } = await openWithFile();
  const dead = { ...context.disk, removeFile: () => Promise.reject(new Error("killed")) };
  await assert.rejects(withdraw({ ...context, disk: dead }, [id]), /killed/);
  state.abandon();
  files.writeFile("a", Buffer.from("edited"));
  await scanner.scanAll();
  assert.equal(find("a")?.id, id);
  assert.equal(find("a")?.content, "unknown");
  assert.equal(state.leaving.isAny, false);
});

test("[EN127] an editor that saves just before a withdrawal keeps the file, and its history", async () => {
  const { files, scanner, state, context, find, id } = await openWithFile();
  files.writeFile("a~", Buffer.from("edited"));
  files.rename("a~", "a");
  assert.equal(await withdraw(context, [id]), false);
  assert.equal(state.leaving.isAny, false, "that it did not go is certain");
  await scanner.scanHints(new Set(["a", "a~"]));
  assert.equal(find("a")?.id, id);
});

test("[EN127] what left as it was to is forgotten, and nothing is waited for", async () => {
  const { files, state, context, id } = await openWithFile();
  assert.equal(await withdraw(context, [id]), true);
  assert.deepEqual([...files.snapshot().keys()], []);
  assert.deepEqual([state.local.find(id), state.synced.find(id), state.leaving.isAny], [undefined, undefined, false]);
});

test("[EN127] a file that could not be removed and is there still is known not to have left: what is saved over it is an edit", async () => {
  const { files, scanner, state, context, find, id } = await openWithFile();
  const removeFile: Disk["removeFile"] = (path) => Promise.reject(new DiskError("failed", path, "it is in use"));
  assert.equal(await withdraw({ ...context, disk: { ...context.disk, removeFile } }, [id]), false);
  assert.equal(state.leaving.isAny, false);
  files.writeFile("a~", Buffer.from("edited"));
  files.rename("a~", "a");
  await scanner.scanHints(new Set(["a", "a~"]));
  assert.equal(find("a")?.id, id);
});

test("[EN127] a file whose removal failed on a disk that can't be asked about it either may have left", async () => {
  const { state, context, id } = await openWithFile();
  const failing = (path: string): Promise<never> => Promise.reject(new DiskError("failed", path, "broken"));
  assert.equal(
    await withdraw({ ...context, disk: { ...context.disk, removeFile: failing, stat: failing } }, [id]),
    false,
  );
  assert.ok(state.leaving.has(id));
});

test("[EN127] [DK12] nothing leaves, and no book tells of it, before what was put in place is made to last", async () => {
  const { files, state, context, id } = await openWithFile();
  const keep = (): Promise<void> => Promise.reject(new DiskError("failed", "", "it could not be settled"));
  state.transaction(() => state.addLeftover("what was just found out"));
  await assert.rejects(withdraw({ ...context, keep }, [id]), /settled/);
  assert.deepEqual([[...files.snapshot().keys()], state.leaving.isAny], [["a"], false]);
  assert.equal(state.hasNews, true, "nothing was written down");
});

/** A file, or one in a folder, that the server has as well, agreed on and written down. */
async function openWithFile(path = "a") {
  const { scanner, files, state, ids, find } = openScanner();
  if (path.includes("/")) files.makeFolder("d");
  files.writeFile(path, Buffer.from("first"));
  await scanner.scanAll();
  for (const id of ids().values()) agreeOn(state, id);
  state.flush();
  const context: WithdrawContext = {
    state,
    disk: openVirtualDisk(files),
    offers: new Offers(state.database),
    newId: () => assert.fail("nothing needs a new id"),
    lookAgain: () => undefined,
    onProblem: () => undefined,
    onObstacle: () => undefined,
    mounts: new MountBook(state),
    isIgnored: () => false,
    checkRoot: () => Promise.resolve(),
    keep: () => Promise.resolve(state.flush()),
  };
  const id = ids().get(path);
  assert.ok(id);
  return { scanner, files, state, context, ids, find, id };
}

function agreeOn(state: StateStore, id: Parameters<StateStore["mark"]>[0]): void {
  const local = state.local.find(id);
  assert.ok(local);
  state.transaction(() => {
    const content = { ...local, content: "known", contentHash: local.type === "file" ? "first" : null } as typeof local;
    const remote = { ...remoteFile(id, local.name, "first"), ...content, versionId: null, sequence: 1 };
    state.local.put(content);
    state.remote.put(remote);
    agree(state, id, remote, "all");
  });
}

function dyingAfterRemoval(disk: Disk): Disk {
  const removeFile: Disk["removeFile"] = async (path, fingerprint) => {
    await disk.removeFile(path, fingerprint);
    throw new Error("killed");
  };
  return { ...disk, removeFile };
}

function failingAfterRemoval(disk: Disk): Disk {
  const removeFile: Disk["removeFile"] = async (path, fingerprint) => {
    await disk.removeFile(path, fingerprint);
    throw new DiskError("failed", path, "it may have been done");
  };
  return { ...disk, removeFile };
}
