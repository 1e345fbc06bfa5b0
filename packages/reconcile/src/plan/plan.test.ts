import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { temporaryName } from "../tree/place.ts";
import { idOf, linesOf, type Sketch, type Sketches, treesOf } from "../testing/sketch.fixture.ts";
import type { Plan } from "./operation.ts";
import { plan, type PlanOptions } from "./plan.ts";

function assertPlan(sketches: Sketches, expected: Partial<Record<keyof Plan, string[]>>, options?: PlanOptions): void {
  const nothing = { books: [], ingest: [], local: [], remote: [] };
  assert.deepEqual(linesOf(plan(treesOf(sketches), options)), { ...nothing, ...expected });
}

const file = (name: string, content: string, parent = "root"): Sketch => ({ in: parent, name, content });
const folder = (name: string, parent = "root"): Sketch => ({ in: parent, name });

test("what is new here is made there, folders before what is in them [RC51]", () => {
  assertPlan(
    { local: { a: file("a", "1", "z"), z: folder("z", "y"), y: folder("y") } },
    { remote: ["create_remote y root/y", "create_remote z y/z", "create_remote a z/a"] },
  );
});

test("what is new there is made here, folders before what is in them [RC51]", () => {
  assertPlan(
    { remote: { a: file("a", "1", "z"), z: folder("z") } },
    { local: ["make_folder z root/z", "fetch a z/a"] },
  );
});

test("a new file is read before it is committed, its folder is not waited for [RC3]", () => {
  assertPlan(
    { local: { z: folder("z"), a: { ...file("a", "", "z"), unread: true } } },
    { ingest: ["ingest a"], remote: ["create_remote z root/z"] },
  );
});

test("what both sides came to is written down [RC11]", () => {
  assertPlan({ local: { a: file("a", "1") }, remote: { a: file("a", "1") } }, { books: ["agree a"] });
});

test("a place is agreed on while the content is still under way [RC11]", () => {
  const moved = file("b", "1");
  assertPlan(
    { synced: { a: file("a", "1") }, local: { a: { ...moved, unread: true } }, remote: { a: moved } },
    { books: ["agree a"], ingest: ["ingest a"] },
  );
});

test("what neither side has is forgotten [RC12]", () => {
  assertPlan({ synced: { a: file("a", "1") } }, { books: ["forget a"] });
});

test("what is equal is agreed on before anything is adopted or forgotten [RC13]", () => {
  assertPlan(
    {
      synced: { a: file("a", "1") },
      local: { c: folder("c"), z: file("z", "1") },
      remote: { b: folder("c"), z: file("z", "1") },
    },
    { books: ["agree z", "adopt c b", "forget a"] },
  );
});

test("deletions come last [RC26]", () => {
  const synced = { a: file("a", "1"), b: file("b", "1") };
  const after = { b: file("c", "2") };
  assertPlan(
    { synced, local: synced, remote: after },
    { local: ["move_local b root/c", "fetch b root/c", "delete_local a"] },
  );
  assertPlan(
    { synced, local: after, remote: synced },
    { remote: ["move_remote b root/c", "edit_remote b", "delete_remote a"] },
  );
});

test("a folder that is gone on both sides is not forgotten while an entry from it is in dispute [RC12]", () => {
  assertPlan(
    {
      synced: { f: folder("f"), a: file("a", "1", "f") },
      local: { a: file("here", "1") },
      remote: { a: file("there", "1") },
    },
    { local: ["move_local a root/there"] },
  );
});

test("an edit and another time go over one after the other [RC15]", () => {
  const synced = { a: file("a", "1") };
  const touched = { a: { ...file("a", "1"), modifiedMs: 5 } };
  assertPlan({ synced, local: { a: file("a", "2") }, remote: touched }, { local: ["set_attributes a"] });
  assertPlan({ synced, local: touched, remote: { a: file("a", "2") } }, { remote: ["touch_remote a"] });
});

test("of two edits the server's keeps the name [RC16]", () => {
  assertPlan(
    { synced: { a: file("a", "1") }, local: { a: file("a", "2") }, remote: { a: file("a", "3") } },
    { local: ["set_aside a split"] },
  );
});

test("a conflict waits for the entry to be in its place [RC16]", () => {
  assertPlan(
    { synced: { a: file("a", "1") }, local: { a: file("b", "2") }, remote: { a: file("a", "3") } },
    { remote: ["move_remote a root/b"] },
  );
});

test("what moved and was edited there moves first, and is fetched where it then is [RC17]", () => {
  assertPlan(
    { synced: { a: file("a", "1") }, local: { a: file("a", "1") }, remote: { a: file("b", "2") } },
    { local: ["move_local a root/b", "fetch a root/b"] },
  );
});

test("a deleted folder goes with one operation, whatever is in it [RC23]", () => {
  const rows = { f: folder("f"), a: file("a", "1", "f") };
  assertPlan({ synced: rows, local: rows, remote: { a: rows.a }, changed: ["f"] }, { local: ["delete_local f"] });
  assertPlan({ synced: rows, local: { a: rows.a }, remote: rows, changed: ["f"] }, { remote: ["delete_remote f"] });
});

test("a folder deleted there comes back for what was edited in it here [RC22]", () => {
  const rows = { f: folder("f"), g: folder("g", "f"), a: file("a", "1", "g"), b: file("b", "1", "f") };
  const local = { ...rows, a: file("a", "2", "g") };
  const { f: _, ...rest } = rows;
  assertPlan(
    { synced: rows, local, remote: rest, changed: ["f", "a"] },
    { remote: ["create_remote f root/f", "create_remote g f/g", "create_remote a g/a"] },
  );
  // Afterwards the rest of it is deleted by itself.
  const remote = { f: rows.f, g: rows.g, a: local.a };
  assertPlan({ synced: { ...rows, a: local.a }, local, remote, changed: ["b"] }, { local: ["delete_local b"] });
});

test("a folder deleted here comes back for what was edited in it there [RC22]", () => {
  const rows = { f: folder("f"), a: file("a", "1", "f"), b: file("b", "1", "f") };
  assertPlan(
    { synced: rows, local: { a: rows.a, b: rows.b }, remote: { ...rows, a: file("a", "2", "f") }, changed: ["f", "a"] },
    { local: ["make_folder f root/f", "fetch a f/a"] },
  );
});

test("a folder deleted there and not wholly read here is left alone [RC25]", () => {
  const rows = { f: folder("f"), a: file("a", "1", "f") };
  assertPlan(
    { synced: rows, local: { ...rows, a: { ...rows.a, unread: true } }, remote: { a: rows.a }, changed: ["f", "a"] },
    { ingest: ["ingest a"] },
  );
});

test("a folder deleted on one side and moved on the other is new as a whole [RC24]", () => {
  const rows = { f: folder("f"), a: file("a", "1", "f") };
  assertPlan(
    { synced: rows, local: { ...rows, f: folder("g") }, remote: { a: rows.a }, changed: ["f"] },
    { books: ["forget f"] },
  );
  assertPlan({ local: { ...rows, f: folder("g") } }, { remote: ["create_remote f root/g", "create_remote a f/a"] });
});

test("what moved out of a deleted folder moves out before the folder goes [RC25]", () => {
  const rows = { f: folder("f"), a: file("a", "1", "f") };
  const after = { a: file("a", "1") };
  // On disk in a plan of its own, since the move may fail.
  assertPlan({ synced: rows, local: rows, remote: after }, { local: ["move_local a root/a"] });
  assertPlan({ synced: rows, local: after, remote: rows }, { remote: ["move_remote a root/a", "delete_remote f"] });
});

test("a folder with news on the server is not deleted together with the moves out of it [RC25]", () => {
  const rows = { f: folder("f"), a: file("a", "1", "f") };
  assertPlan(
    { synced: rows, local: { a: file("a", "1") }, remote: { ...rows, a: file("a", "2", "f") } },
    { local: ["fetch a root/a"], remote: ["move_remote a root/a"] },
  );
});

test("a folder is not deleted on the server while a move out of it has to wait [RC25] [RC56]", () => {
  assertPlan(
    {
      synced: { f: folder("f"), a: file("a", "1", "f") },
      local: { g: folder("g"), a: file("a", "1", "g") },
      remote: { f: folder("f"), a: file("a", "1", "f") },
    },
    {},
    { isBusy: (id) => id === idOf("g") },
  );
});

test("nothing is left under a temporary name [RC54]", () => {
  // The folder to be replaced can't go yet, since the server has news in it.
  assertPlan(
    {
      synced: { f: folder("n"), a: file("a", "1", "f") },
      local: { g: folder("n"), a: file("a", "1", "g") },
      remote: { f: folder("n"), a: file("a", "2", "f") },
    },
    { local: ["fetch a g/a"] },
  );
});

test("of two moves that close a circle the local one is undone [RC31]", () => {
  assertPlan(
    {
      synced: { a: folder("a"), b: folder("b") },
      local: { a: folder("a", "b"), b: folder("b") },
      remote: { a: folder("a"), b: folder("b", "a") },
    },
    { local: ["move_local a root/a", "move_local b a/b"] },
  );
});

test("folders made twice are one [RC41]", () => {
  assertPlan(
    { local: { a: folder("n"), x: file("x", "1", "a") }, remote: { b: folder("n") } },
    { books: ["adopt a b"] },
  );
});

test("equal files made twice are one, once they are read [RC41] [RC3]", () => {
  const remote = { b: file("n", "1") };
  assertPlan({ local: { a: { ...file("n", ""), unread: true } }, remote }, { ingest: ["ingest a"] });
  assertPlan({ local: { a: file("n", "1") }, remote }, { books: ["adopt a b"] });
});

test("of different things at one place the server's keeps the name [RC40] [RC42]", () => {
  const remote = { b: file("n", "1") };
  const local = ["set_aside a", "fetch b root/n"];
  assertPlan({ local: { a: file("n", "2") }, remote }, { local });
  assertPlan({ local: { a: folder("n") }, remote }, { local });
});

test("what moved here to a name that was taken there meanwhile keeps its id under another name [RC42]", () => {
  assertPlan(
    { synced: { a: file("a", "1") }, local: { a: file("n", "1") }, remote: { a: file("a", "1"), b: file("n", "2") } },
    { local: ["set_aside a", "fetch b root/n"] },
  );
});

test("a copy of what moved to its place there goes [RC43]", () => {
  assertPlan(
    { synced: { a: file("a", "1") }, local: { a: file("a", "1"), b: file("n", "1") }, remote: { a: file("n", "1") } },
    { local: ["delete_local b", "move_local a root/n"] },
  );
});

test("a copy of what moved to its place there stays when the other one was edited here [RC43] [RC42]", () => {
  const trees = { synced: { a: file("a", "1") }, remote: { a: file("n", "1") } };
  assertPlan(
    { ...trees, local: { a: file("a", "2"), b: file("n", "1") } },
    { local: ["set_aside b", "move_local a root/n"], remote: ["edit_remote a"] },
  );
  assertPlan(
    { ...trees, local: { a: { ...file("a", ""), unread: true }, b: file("n", "1") } },
    { ingest: ["ingest a"] },
  );
});

test("a file replaced there by a new one is changed in place [RC44]", () => {
  const old = { a: file("n", "1") };
  assertPlan({ synced: old, local: old, remote: { b: file("n", "2") } }, { books: ["adopt a b"] });
});

test("a name is waited for until its holder has left it [RC52]", () => {
  const synced = { a: file("1", "a"), b: file("2", "b") };
  const after = { a: file("2", "a"), b: file("3", "b") };
  assertPlan({ synced, local: synced, remote: after }, { local: ["move_local b root/3", "move_local a root/2"] });
  assertPlan({ synced, local: after, remote: synced }, { remote: ["move_remote b root/3", "move_remote a root/2"] });
});

test("two that swap their names pass each other through limbo, or a temporary name [RC52] [RC54]", () => {
  const synced = { a: file("1", "a"), b: file("2", "b") };
  const after = { a: file("2", "a"), b: file("1", "b") };
  const temporary = `root/${temporaryName(idOf("a"))}`;
  assertPlan(
    { synced, local: synced, remote: after },
    { local: ["move_to_limbo a", "move_local b root/1", "move_local a root/2"] },
  );
  assertPlan(
    { synced, local: after, remote: synced },
    { remote: [`move_remote a ${temporary}`, "move_remote b root/1", "move_remote a root/2"] },
  );
});

test("a folder and the one in it that change places are turned round [RC52] [RC31]", () => {
  const synced = { a: folder("n"), b: folder("n", "a") };
  const after = { b: folder("n"), a: folder("n", "b") };
  assertPlan(
    { synced, local: synced, remote: after },
    { local: ["move_to_limbo a", "move_local b root/n", "move_local a b/n"] },
  );
});

test("what is in limbo, or under its temporary name, is brought back [RC2] [RC54]", () => {
  const rows = { a: file("n", "1") };
  const temporary = { a: file(temporaryName(idOf("a")), "1") };
  assertPlan({ synced: rows, local: { a: file("a", "1", "limbo") }, remote: rows }, { local: ["move_local a root/n"] });
  assertPlan({ synced: rows, local: rows, remote: temporary }, { remote: ["move_remote a root/n"] });
});

test("a name in use by something to be deleted is freed first [RC53]", () => {
  const old = { a: file("n", "1") };
  const replaced = { b: folder("n") };
  assertPlan({ synced: old, local: old, remote: replaced }, { local: ["delete_local a", "make_folder b root/n"] });
  assertPlan({ synced: old, local: replaced, remote: old }, { remote: ["delete_remote a", "create_remote b root/n"] });
});

test("a folder replaced by one that took its contents over makes room before it is empty [RC53]", () => {
  const synced = { f: folder("n"), a: file("a", "1", "f") };
  const after = { g: folder("n"), a: file("a", "1", "g") };
  const temporary = `root/${temporaryName(idOf("f"))}`;
  const remote = ["create_remote g root/n", "move_remote a g/a", "delete_remote f"];
  assertPlan({ synced, local: after, remote: synced }, { remote: [`move_remote f ${temporary}`, ...remote] });
  // There it is a replaced folder.
  assertPlan({ synced, local: synced, remote: after }, { books: ["adopt f g"] });
});

test("a plan is no longer than its limit, and parents come first in it [RC55]", () => {
  const local = { a: file("a", "1", "z"), z: folder("z"), b: file("b", "1", "z"), c: file("c", "1", "z") };
  assertPlan({ local }, { remote: ["create_remote z root/z", "create_remote a z/a"] }, { limit: 1 });
});

test("busy entries are left alone, and with them the folders that they are in [RC56]", () => {
  const rows = { f: folder("f"), a: file("a", "1", "f") };
  const isBusy = (id: EntryId): boolean => id === idOf("a");
  assertPlan({ synced: rows, local: rows, remote: {} }, {}, { isBusy });
  assertPlan({ local: { a: { ...file("a", "1"), unread: true } } }, {}, { isBusy });
});

test("two names that the disk takes for one are not both put on it [RC51]", () => {
  const trees = treesOf({
    local: { a: file("n", "1") },
    synced: { a: file("n", "1") },
    remote: { a: file("n", "1"), b: file("N", "2") },
  });
  const nameKey = (name: string): string => name.toLowerCase();
  const local = {
    ...trees.local,
    findChild: (parentId: EntryId, name: string) => trees.local.findChild(parentId, nameKey(name)),
  };
  assert.deepEqual(linesOf(plan({ ...trees, local }, { nameKey })).local, []);
});

test("the order in which changes are named changes nothing [RC57]", () => {
  const sketches = {
    synced: { a: file("1", "a"), b: file("2", "b"), f: folder("f"), c: file("c", "1", "f") },
    local: { a: file("1", "a"), b: file("2", "b"), f: folder("f"), c: file("c", "2", "f"), d: file("d", "1") },
    remote: { a: file("2", "a"), b: file("1", "b"), e: file("d", "2") },
  };
  const trees = treesOf(sketches);
  const forwards = plan(trees);
  const backwards = plan({ ...trees, changed: [...trees.changed].toReversed() });
  assert.deepEqual(backwards, forwards);
});

test("the cost follows what changed, not the size of the tree [RC1]", () => {
  const rows: Record<string, Sketch> = { f: folder("f") };
  for (let i = 0; i < 1000; i += 1) rows[`x${i}`] = file(`x${i}`, "1", "f");
  let looks = 0;
  const trees = treesOf({ synced: rows, local: { ...rows, x7: file("x7", "2", "f") }, remote: rows, changed: ["x7"] });
  const local = { ...trees.local, find: (id: EntryId) => ((looks += 1), trees.local.find(id)) };
  assert.deepEqual(linesOf(plan({ ...trees, local })).remote, ["edit_remote x7"]);
  assert.ok(looks < 20, `${looks} looks`);
});
