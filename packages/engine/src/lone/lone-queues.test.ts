import assert from "node:assert/strict";
import { test } from "node:test";
import { entryId, localLike, openState, remoteFile, remoteFolder } from "../books/record.fixture.ts";
import { LoneQueues } from "./lone-queues.ts";

const [folder, file, other] = [entryId(1), entryId(2), entryId(3)];
const unheld = { isInJob: () => false, isPaused: () => false };

function open() {
  const state = openState();
  return { state, queues: new LoneQueues(state) };
}

test("[EN81] a new folder and what is in it wait for their commit, parents first, and unread files to be read", () => {
  const { state, queues } = open();
  state.local.put(localLike(remoteFolder(folder, "folder")));
  state.local.put({ ...localLike(remoteFile(file, "file", "content")), parentId: folder });
  state.local.put({ ...localLike(remoteFile(other, "other", "content")), parentId: folder, content: "unknown" });
  assert.equal(queues.sort(unheld), false);
  assert.deepEqual([...queues.waiting("commit")], [folder, file]);
  assert.deepEqual([...queues.waiting("read_small")], [other]);
  assert.equal(queues.hasRest, false);
});

test("[EN81] what the server has new waits to be made and fetched, large files by themselves", () => {
  const { state, queues } = open();
  state.remote.put(remoteFolder(folder, "folder"));
  state.remote.put({ ...remoteFile(file, "file", "content"), parentId: folder });
  state.remote.put({ ...remoteFile(other, "other", "content"), parentId: folder, sizeBytes: 2 ** 30 });
  queues.sort(unheld);
  assert.deepEqual([...queues.waiting("make_folder")], [folder]);
  assert.deepEqual([...queues.waiting("fetch_small")], [file]);
  assert.deepEqual([...queues.waiting("fetch_large")], [other]);
});

test("[EN77] what is left out of the device, and what is at its place, is left to a plan for all; the rest is not", () => {
  const state = openState();
  const queues = new LoneQueues(state, (id) => id === folder);
  state.remote.put(remoteFolder(folder, "left out"));
  state.remote.put({ ...remoteFile(file, "inside", "content"), parentId: folder });
  state.local.put(localLike(remoteFolder(entryId(4), "left out")));
  state.remote.put(remoteFile(other, "beside", "content"));
  queues.sort(unheld);
  assert.deepEqual([...queues.waiting("fetch_small")], [other]);
  for (const id of [folder, file, entryId(4)]) assert.equal(queues.has(id), false);
  assert.equal(queues.hasRest, true);
});

test("[EN81] where two want one name, a plan for all has to tell", () => {
  const { state, queues } = open();
  state.local.put(localLike(remoteFile(file, "name", "mine")));
  state.remote.put(remoteFile(other, "name", "theirs"));
  queues.sort(unheld);
  assert.equal(queues.hasRest, true);
  assert.equal(queues.has(file) || queues.has(other), false);
});

test("[EN83] what a job left undone goes to the plan for all, until something is written of it", () => {
  const { state, queues } = open();
  state.local.put(localLike(remoteFile(file, "file", "content")));
  queues.sort(unheld);
  queues.drop(file);
  queues.ended([file], false);
  assert.equal(queues.hasRest, true);
  state.local.put(localLike(remoteFile(file, "file", "content")));
  queues.sort(unheld);
  assert.deepEqual([queues.hasRest, queues.has(file)], [false, true]);
});

test("[EN83] what was written to during its job, or whose job failed, is sorted again", () => {
  const { state, queues } = open();
  for (const [id, name] of [
    [file, "file"],
    [other, "other"],
  ] as const)
    state.local.put(localLike(remoteFile(id, name, "content")));
  queues.sort({ ...unheld, isInJob: (id) => id === file });
  queues.drop(other);
  assert.equal(queues.has(file), false);
  queues.ended([file], false);
  queues.ended([other], true);
  queues.sort(unheld);
  assert.deepEqual([...queues.waiting("commit")], [file, other]);
});
