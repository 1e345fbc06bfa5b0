import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId, VersionHash, VersionId } from "@satchel/protocol";
import { agreedItem } from "./agreed-item.ts";
import type { LocalItem, RemoteItem, SyncedItem } from "./item.ts";

const synced: SyncedItem = {
  id: "w.a" as EntryId,
  parentId: "w.root" as EntryId,
  name: "a",
  type: "file",
  contentHash: "h1" as VersionHash,
  sizeBytes: 1,
  modifiedMs: 1,
  executable: false,
  linkTarget: null,
  versionId: "v1" as VersionId,
};
const local: LocalItem = { ...synced, content: "known", conflictOf: null };
const remote: RemoteItem = { ...synced, conflictOf: null };
const edit = { contentHash: "h2" as VersionHash, sizeBytes: 2 };

test("what is equal in all aspects is the base, with the server's version [RC11]", () => {
  const there = { ...remote, ...edit, versionId: "v2" as VersionId };
  assert.deepEqual(agreedItem(synced, { ...local, ...edit }, there), { ...synced, ...edit, versionId: "v2" });
});

test("each aspect is agreed on by itself [RC11]", () => {
  const moved = { name: "b" };
  assert.deepEqual(agreedItem(synced, { ...local, ...moved, ...edit }, { ...remote, ...moved }), {
    ...synced,
    ...moved,
  });
  assert.deepEqual(agreedItem(synced, { ...local, modifiedMs: 5 }, { ...remote, ...edit, modifiedMs: 5 }), {
    ...synced,
    modifiedMs: 5,
  });
});

test("nothing of an unread file's content is agreed on [RC3] [RC11]", () => {
  assert.equal(
    agreedItem(synced, { ...local, content: "unknown", modifiedMs: 5 }, { ...remote, modifiedMs: 5 }),
    synced,
  );
});

test("nothing new to agree on leaves the base as it is [RC11]", () => {
  assert.equal(agreedItem(synced, local, remote), synced);
  assert.equal(agreedItem(synced, { ...local, ...edit }, remote), synced);
});

test("there is no base before all aspects are equal [RC7]", () => {
  assert.equal(agreedItem(undefined, { ...local, name: "b" }, remote), undefined);
  assert.deepEqual(agreedItem(undefined, local, remote), synced);
});
