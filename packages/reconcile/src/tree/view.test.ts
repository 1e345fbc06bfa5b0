import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { folderRow } from "../testing/abstract-device.fixture.ts";
import { mapTree } from "../testing/map-tree.fixture.ts";
import type { LocalItem } from "./item.ts";
import { overlayOf } from "./overlay.ts";
import { limboId, viewOf } from "./view.ts";

const rootId = "w.root" as EntryId;
const [a, b, c] = ["w.a", "w.b", "w.c"] as [EntryId, EntryId, EntryId];

function viewOn(rows: readonly [EntryId, EntryId, string][]) {
  const tree = mapTree<LocalItem>({ ...folderRow(rootId, rootId, ""), parentId: null });
  for (const [id, parentId, name] of rows) tree.put(folderRow(id, parentId, name));
  return viewOf(tree, rootId);
}

test("what lies below a folder that is gone is not there [RC2]", () => {
  const view = viewOn([
    [b, a, "b"],
    [c, b, "c"],
  ]);
  assert.equal(view.find(c), undefined);
  assert.equal(view.findChild(b, "c"), undefined);
});

test("what goes in a circle is not there [RC2]", () => {
  const view = viewOn([
    [a, b, "a"],
    [b, a, "b"],
    [c, a, "c"],
  ]);
  assert.equal(view.find(c), undefined);
  assert.equal(view.find(a), undefined);
});

test("what is in limbo is there, with all below it [RC2]", () => {
  const view = viewOn([
    [a, limboId, "a"],
    [b, a, "b"],
  ]);
  assert.equal(view.find(b)?.name, "b");
});

test("an overlay tells of the tree as it will be [RC51]", () => {
  const overlay = overlayOf(
    viewOn([
      [a, rootId, "a"],
      [b, a, "b"],
      [c, rootId, "c"],
    ]),
    (name) => name,
  );
  overlay.put(c, { parentId: b, name: "d" });
  assert.equal(overlay.occupant({ parentId: rootId, name: "c" }), undefined);
  assert.equal(overlay.occupant({ parentId: b, name: "d" }), c);
  assert.ok(overlay.isWithin(c, a));
  overlay.remove(a);
  assert.deepEqual([a, b, c].map(overlay.has), [false, false, false]);
  overlay.put(c, { parentId: rootId, name: "a" });
  assert.ok(overlay.has(c));
  assert.equal(overlay.occupant({ parentId: rootId, name: "a" }), c);
});
