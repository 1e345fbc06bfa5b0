import assert from "node:assert/strict";
import { test } from "node:test";
import { makeEntryId, makeWorkspaceId } from "@satchel/protocol";
import { entryId, localLike, remoteFile } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import { MountBook } from "../mounts/mount-book.ts";
import { linuxNames, macosNames, windowsNames, type NameRules } from "../names/name-rules.ts";
import { StateStore } from "../state/state-store.ts";
import { namesakesOf } from "./namesakes.ts";
import { Scanner } from "./scanner.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

for (const rules of [macosNames, windowsNames])
  test(`[EN120] a file that is renamed over another spelling of a name has that one's place, on a disk as of ${rules.disk}`, async () => {
    const world = open(rules);
    world.files.writeFile("notes.txt", bytes("old"));
    world.files.writeFile("draft", bytes("new"));
    await world.scanner.scanAll();
    const draft = world.find("draft")?.id;
    world.files.rename("draft", "Notes.TXT");
    await world.scanner.scanHints(new Set(["draft", "Notes.TXT"]));
    world.clock.ms += 10_000;
    await world.scanner.scanHints(new Set(world.scanner.due().paths));
    assert.deepEqual(world.names(), ["Notes.TXT"]);
    assert.equal(world.find("Notes.TXT")?.id, draft);
  });

test("[EN120] where a disk keeps the old spelling, and only the new one is told, what lies there is seen", async () => {
  const world = open(windowsNames);
  world.files.writeFile("notes.txt", bytes("old"));
  await world.scanner.scanAll();
  const before = world.find("notes.txt")?.inode;
  world.files.replaceFile("notes.txt", bytes("new"));
  await world.scanner.scanHints(new Set(["NOTES.txt"]));
  assert.deepEqual(world.names(), ["notes.txt"]);
  assert.notEqual(world.find("notes.txt")?.inode, before);
});

test("[EN120] namesakes are looked for where a disk has them, of names that nobody is known by", async () => {
  const world = open(macosNames);
  for (const name of ["a", "é", "b"]) world.files.writeFile(name, bytes(name));
  await world.scanner.scanAll();
  const names = ["A", "b", "B", "E\u0301", "c", ""];
  const look = (rules: NameRules) =>
    namesakesOf(world.state, rules, { folderId: world.state.rootId, names }).toSorted();
  assert.deepEqual(look(macosNames), ["a", "b", "é"]);
  assert.deepEqual(look(windowsNames), ["a", "b"]);
  assert.deepEqual(look(linuxNames), []);
});

test("[EN120] a large folder is gone through once, however many batches of new names come, and is known as it is then", async () => {
  const world = open(macosNames);
  const { state } = world;
  const folderId = state.rootId;
  const put = (nth: number, name: string): void =>
    state.transaction(() =>
      state.local.put({ ...localLike(remoteFile(entryId(nth), name, "content")), parentId: folderId }),
    );
  for (let nth = 0; nth < 2000; nth += 1) put(nth, `name-${nth}`);
  let times = 0;
  const childNames = state.local.childNames.bind(state.local);
  state.local.childNames = (id) => {
    times += 1;
    return childNames(id);
  };
  const look = (name: string) => namesakesOf(state, macosNames, { folderId, names: [name] });
  for (let nth = 2000; nth < 2100; nth += 1) {
    assert.deepEqual(look(`NAME-${nth}`), []);
    put(nth, `name-${nth}`);
    assert.deepEqual(look(`NAME-${nth}`), [`name-${nth}`]);
  }
  put(7, "moved");
  state.transaction(() => state.local.remove(entryId(8)));
  assert.deepEqual([look("NAME-7"), look("NAME-8"), look("MOVED"), look("NAME-9")], [[], [], ["moved"], ["name-9"]]);
  assert.equal(times, 1);
  state.abandon();
  assert.deepEqual(look("NAME-9"), []);
});

/** A disk of another system, in memory, and its scanner. */
function open(rules: NameRules) {
  const workspaceId = makeWorkspaceId(new Uint8Array(10));
  const state = new StateStore(":memory:", workspaceId);
  const clock = { ms: 1_000_000 };
  const files = new VirtualFileSystem({ nowNs: () => BigInt(clock.ms) * 1_000_000n, nameRules: rules });
  files.mount();
  let ids = 0;
  const scanner = new Scanner({
    state,
    disk: openVirtualDisk(files),
    clock: { nowMs: () => clock.ms, sleep: () => Promise.resolve() },
    newId: () => makeEntryId(workspaceId, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, (ids += 1))),
    names: { rules },
    mounts: new MountBook(state),
    isIgnored: () => false,
    lookAgain: () => undefined,
    checkRoot: () => Promise.resolve(),
    keepIfDue: () => Promise.resolve(),
    onIssues: () => undefined,
  });
  const find = (name: string) => state.local.findChild(state.rootId, name);
  const names = () => state.local.children(state.rootId).map(({ name }) => name);
  return { files, scanner, clock, state, find, names };
}
