import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import type { Item } from "@satchel/reconcile";
import { entryId, remoteFile, remoteFolder, rootId } from "../books/record.fixture.ts";
import { compareTrees } from "./compare-trees.ts";
import { contentTree, type ContentNode } from "./content-tree.ts";

function treeOf(items: readonly Item[], leftOut: readonly EntryId[] = []): ContentNode {
  const root = { ...remoteFolder(rootId, ""), parentId: null };
  const childrenOf = (id: EntryId): Item[] => items.filter(({ parentId }) => parentId === id);
  return contentTree(root, childrenOf, (id) => leftOut.includes(id));
}

const folder = remoteFolder(entryId(1), "folder");
const inside = { ...remoteFile(entryId(2), "inside", "a"), parentId: folder.id };
const beside = remoteFile(entryId(3), "beside", "b");

test("[EN75] equal folders have equal digests, whatever the ids and the order", () => {
  const one = treeOf([folder, inside, beside]);
  const other = treeOf([
    { ...beside, id: entryId(9) },
    { ...folder, id: entryId(8) },
    { ...inside, id: entryId(7), parentId: entryId(8) },
  ]);
  assert.equal(one.digest, other.digest);
  assert.deepEqual(compareTrees(one, other), []);
});

test("[EN75] what differs is named with how it differs", () => {
  const here = treeOf([
    folder,
    inside,
    beside,
    remoteFile(entryId(4), "mine", "m"),
    remoteFile(entryId(5), "both", "x"),
  ]);
  const there = treeOf([
    folder,
    { ...inside, contentHash: remoteFile(entryId(2), "", "other").contentHash },
    { ...beside, executable: true },
    remoteFile(entryId(6), "theirs", "t"),
    remoteFolder(entryId(5), "both"),
  ]);
  assert.deepEqual(compareTrees(here, there), [
    { path: "beside", kind: "attributes" },
    { path: "both", kind: "type" },
    { path: "mine", kind: "only_here" },
    { path: "theirs", kind: "only_there" },
    { path: "folder/inside", kind: "content" },
  ]);
});

test("[EN75] what is left out is no difference, with all that is in it", () => {
  const here = treeOf([beside]);
  const there = treeOf([folder, inside, beside], [folder.id]);
  assert.equal(here.digest, there.digest);
});

test("[EN75] a very deep tree is compared as any other", () => {
  const deep: Item[] = [];
  let parentId = rootId;
  for (let depth = 0; depth < 20_000; depth += 1) {
    const id = `${rootId.split(".")[0] ?? ""}.${depth}` as EntryId;
    deep.push({ ...remoteFolder(id, "d"), parentId });
    parentId = id;
  }
  const childrenOf = new Map(deep.map((item) => [item.parentId, [item]]));
  const root = { ...remoteFolder(rootId, ""), parentId: null };
  const tree = contentTree(root, (id) => childrenOf.get(id) ?? []);
  assert.equal(compareTrees(tree, treeOf([])).length, 1);
});
