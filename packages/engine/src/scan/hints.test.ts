import assert from "node:assert/strict";
import { test } from "node:test";
import { entryId, localLike, openState, remoteFile, remoteFolder } from "../books/record.fixture.ts";
import { seenFile, seenFolder } from "../ports/watcher.ts";
import { Hints } from "./hints.ts";

const known = { inode: "7:1", fingerprint: "3:2:1:420" };
const free = { isHolding: false };

/** A state that knows the file `folder/file` as {@link known}. */
function open() {
  const state = openState();
  const folder = entryId(1);
  state.local.put({ ...localLike(remoteFolder(folder, "folder")), inode: "6:1", fingerprint: "0:1:1:493" });
  state.local.put({ ...localLike(remoteFile(entryId(2), "file", "content")), ...known, parentId: folder });
  return { state, hints: new Hints(), path: "folder/file" };
}

test("[EN106] what a watcher saw and the books know is not looked at again", () => {
  const { state, hints, path } = open();
  hints.add(path, seenFile(known));
  assert.deepEqual(hints.take(state, free), []);
  assert.equal(hints.size, 0);
});

test("[EN106] an empty folder that the books know is not looked at again; another one is", () => {
  const { state, hints, path } = open();
  hints.add("folder", seenFolder({ inode: "6:1" }));
  assert.deepEqual(hints.take(state, free), []);
  for (const [at, inode] of [
    ["folder", "9:1"],
    [path, known.inode],
  ] as const) {
    hints.add(at, seenFolder({ inode }));
    assert.deepEqual(hints.take(state, free), [at]);
  }
});

test("[EN106] another file, another state of it, or one that nobody knows is looked at", () => {
  const { state, hints, path } = open();
  for (const seen of [
    { ...known, inode: "8:1" },
    { ...known, fingerprint: "3:2:2:420" },
  ]) {
    hints.add(path, seenFile(seen));
    assert.deepEqual(hints.take(state, free), [path]);
  }
  for (const other of ["folder/other", "other/file", "folder", "folder/file/below", ".satchel/file"]) {
    hints.add(other, seenFile(known));
    assert.deepEqual(hints.take(state, free), [other]);
  }
});

test("[EN106] [EN9] an ignore file is looked at, known or not", () => {
  const { state, hints } = open();
  state.local.put({ ...localLike(remoteFile(entryId(3), ".satchelignore", "rules")), ...known });
  hints.add(".satchelignore", seenFile(known));
  assert.deepEqual(hints.take(state, free), [".satchelignore"]);
});

test("[EN106] who asks for a look gets one, whatever a watcher saw", () => {
  const { state, hints, path } = open();
  hints.add(path);
  hints.add(path, seenFile(known));
  assert.deepEqual(hints.take(state, free), [path]);
  hints.add(path, seenFile(known));
  hints.add(path);
  assert.deepEqual(hints.take(state, free), [path]);
});

test("[EN106] where two hints saw different things, the path is looked at, in whatever order they came", () => {
  const { state, hints, path } = open();
  const [earlier, later] = [seenFile(known), seenFile({ ...known, fingerprint: "3:9:9:420" })];
  for (const [one, other] of [
    [later, earlier],
    [earlier, later],
  ] as const) {
    hints.add(path, one);
    hints.add(path, other);
    hints.add(path, other);
    assert.deepEqual(hints.take(state, free), [path]);
  }
  hints.add(path, earlier);
  hints.add(path, earlier);
  assert.deepEqual(hints.take(state, free), []);
});

test("[EN106] while something that is missing may turn up elsewhere, all is looked at", () => {
  const { state, hints, path } = open();
  hints.add(path, seenFile(known));
  assert.deepEqual(hints.take(state, { isHolding: true }), [path]);
});

test("[EN106] what is seen of a file that is being placed waits for the books; who asks for a look doesn't", () => {
  const { state, hints, path } = open();
  hints.placing(path);
  hints.add(path, seenFile({ ...known, inode: "8:1" }));
  hints.add("asked for");
  assert.deepEqual(hints.take(state, free), ["asked for"]);
  assert.equal(hints.size, 1);
  hints.placed(path);
  assert.deepEqual(hints.take(state, free), [path]);
});
