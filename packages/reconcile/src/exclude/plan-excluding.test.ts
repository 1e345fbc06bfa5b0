import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { pull, treesOf } from "../testing/abstract-device.fixture.ts";
import { abstractWorld, listing, peopleOn, rootId, settle, syncOnce } from "../testing/abstract-world.fixture.ts";
import { syncExcluding } from "../testing/excluding-device.fixture.ts";
import { planExcluding } from "./plan-excluding.ts";

/** Two devices that both have `/photos/summer/a`, of which the first leaves something out. */
function photos() {
  const world = abstractWorld(["L", "O"]);
  const [leaver, other] = world.devices;
  assert.ok(leaver && other);
  const people = peopleOn(world, other);
  const photosId = people.createFolder(rootId, "photos");
  const summerId = people.createFolder(photosId, "summer");
  const fileId = people.createFile(summerId, "a", "sun");
  settle(world);
  const here = (): string[] => listing(leaver.local).map((line) => line.split(" ")[0] ?? "");
  const there = (): string[] => listing(world.server.tree).map((line) => line.split(" ")[0] ?? "");
  const sync = (...ids: EntryId[]): void => {
    for (let again = true; again;) again = syncExcluding(world, leaver, new Set(ids));
  };
  return { world, leaver, other, photosId, summerId, fileId, here, there, sync };
}

test("[RC83] what is excluded goes from the disk, and stays on the server", () => {
  const { photosId, here, there, sync } = photos();
  sync(photosId);
  assert.deepEqual(here(), []);
  assert.deepEqual(there(), ["/photos", "/photos/summer", "/photos/summer/a"]);
});

test("[RC83] what was changed here is sent before it goes", () => {
  const { world, leaver, photosId, summerId, fileId, here, sync } = photos();
  peopleOn(world, leaver).edit(fileId, "moon");
  peopleOn(world, leaver).createFile(summerId, "b", "stars");
  sync(photosId);
  assert.deepEqual(here(), []);
  assert.equal(world.server.tree.find(fileId)?.contentHash, "moon");
  assert.equal(world.server.tree.findChild(summerId, "b")?.contentHash, "stars");
});

test("[RC81] others rename and move what is excluded, and it stays away", () => {
  const { world, leaver, other, photosId, summerId, here, sync } = photos();
  sync(summerId);
  peopleOn(world, other).move(summerId, rootId, "winter");
  syncOnce(world, other);
  sync(summerId);
  assert.deepEqual(here(), ["/photos"]);
  assert.equal(leaver.remote.find(summerId)?.name, "winter");
  assert.ok(leaver.local.find(photosId));
});

test("[RC84] a folder that holds something away comes back when it is deleted here", () => {
  const { world, leaver, photosId, summerId, here, there, sync } = photos();
  sync(summerId);
  peopleOn(world, leaver).remove(photosId);
  sync(summerId);
  assert.deepEqual(here(), ["/photos"]);
  assert.deepEqual(there(), ["/photos", "/photos/summer", "/photos/summer/a"]);
});

test("[RC85] others exchange the names of what is excluded and what is not: nobody is asked", () => {
  const { world, leaver, other, summerId, fileId, here, sync } = photos();
  const people = peopleOn(world, other);
  const otherId = people.createFile(summerId, "b", "stars");
  settle(world);
  sync(otherId);
  people.move(fileId, rootId, "aside");
  people.move(otherId, summerId, "a");
  people.move(fileId, summerId, "b");
  syncOnce(world, other);
  pull(leaver);
  assert.deepEqual(planExcluding(treesOf(leaver), new Set([otherId])).excluded.clashes, []);
  sync(otherId);
  assert.deepEqual(here(), ["/photos", "/photos/summer", "/photos/summer/b"]);
  assert.equal(leaver.local.find(fileId)?.name, "b");
});

test("[RC85] what others deleted makes way for what is excluded and took its name; what was edited here is held", () => {
  for (const isEdited of [false, true]) {
    const { world, leaver, other, photosId, summerId, fileId, here, sync } = photos();
    const people = peopleOn(world, other);
    const otherId = people.createFile(rootId, "b", "stars");
    settle(world);
    sync(otherId);
    people.remove(summerId);
    people.move(otherId, photosId, "summer");
    syncOnce(world, other);
    if (isEdited) peopleOn(world, leaver).edit(fileId, "moon");
    pull(leaver);
    const { clashes } = planExcluding(treesOf(leaver), new Set([otherId])).excluded;
    assert.deepEqual(clashes, isEdited ? [summerId] : []);
    if (isEdited) continue;
    sync(otherId);
    assert.deepEqual(here(), ["/photos"]);
  }
});

test("[RC85] a new folder of an excluded name is held with all that is in it, and mixed with nothing", () => {
  const { world, leaver, photosId, there, sync } = photos();
  sync(photosId);
  const before = there();
  const folderId = peopleOn(world, leaver).createFolder(rootId, "photos");
  const fileId = peopleOn(world, leaver).createFile(folderId, "mine", "mine");
  pull(leaver);
  const { plan, excluded } = planExcluding(treesOf(leaver), new Set([photosId]));
  assert.deepEqual(plan, { books: [], ingest: [], local: [], remote: [] });
  assert.deepEqual(excluded.clashes, [folderId]);
  assert.deepEqual([...excluded.held].toSorted(), [folderId, fileId].toSorted());
  assert.deepEqual(there(), before);
  peopleOn(world, leaver).move(folderId, rootId, "mine");
  sync(photosId);
  assert.deepEqual(there(), ["/mine", "/mine/mine", ...before]);
});
