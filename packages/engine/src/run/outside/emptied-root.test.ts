import assert from "node:assert/strict";
import { test } from "node:test";
import { idPartBytes, makeEntryId, makeWorkspaceId } from "@satchel/protocol";
import { seededRandom } from "@satchel/testkit";
import { openVirtualDisk } from "../../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../../disk/virtual/virtual-file-system.ts";
import { Scanner } from "../../scan/scanner.ts";
import { StateStore } from "../../state/state-store.ts";
import { RootChangedError, RootGuard } from "./root-guard.ts";
import { MountBook } from "../../mounts/mount-book.ts";
import { linuxNames } from "../../names/name-rules.ts";

const isEmptied = (error: unknown): boolean => error instanceof RootChangedError && error.code === "root_emptied";

/** A folder with these entries, looked at once. */
async function openFolder(names: readonly string[]) {
  const random = seededRandom("emptied");
  const workspaceId = makeWorkspaceId(random.bytes(idPartBytes));
  const files = new VirtualFileSystem({ nowNs: () => 1_000_000n });
  files.mount();
  const disk = openVirtualDisk(files);
  const state = new StateStore(":memory:", workspaceId);
  const root = new RootGuard({ state, disk, entropy: random });
  const scanner = new Scanner({
    state,
    disk,
    checkRoot: root.check,
    clock: { nowMs: () => 1, sleep: () => Promise.resolve() },
    newId: () => makeEntryId(workspaceId, random.bytes(idPartBytes)),
    names: { rules: linuxNames },
    mounts: new MountBook(state),
    isIgnored: () => false,
    lookAgain: () => undefined,
    keepIfDue: () => Promise.resolve(),
    onIssues: () => undefined,
  });
  await root.open();
  for (const name of names) files.writeFile(name, new Uint8Array());
  await scanner.scanAll();
  return { files, scanner, names: () => state.local.children(state.rootId).map(({ name }) => name) };
}

test("[EN42] a folder that is found empty where it was not deletes nothing, until a file says that it was meant", async () => {
  const folder = await openFolder(["a", "b"]);
  folder.files.remove("a");
  folder.files.remove("b");
  await assert.rejects(folder.scanner.scanAll(), isEmptied);
  await assert.rejects(folder.scanner.scanAll(), isEmptied);
  assert.deepEqual(folder.names(), ["a", "b"]);
  folder.files.writeFile("meant", new Uint8Array());
  await folder.scanner.scanAll();
  assert.deepEqual(folder.names(), ["meant"]);
});

test("[EN42] the only entry of a folder may be deleted, and some of many", async () => {
  const single = await openFolder(["a"]);
  single.files.remove("a");
  await single.scanner.scanAll();
  assert.deepEqual(single.names(), []);
  const many = await openFolder(["a", "b", "c"]);
  many.files.remove("a");
  many.files.remove("b");
  await many.scanner.scanAll();
  assert.deepEqual(many.names(), ["c"]);
});
