import assert from "node:assert/strict";
import { test } from "node:test";
import { maxOpenFiles, type EntryId, type PresenceReport } from "@satchel/protocol";
import { keepPresent } from "./keep-present.ts";

test("[PR5] a device says which files are open in editors when that changes, again before it is forgotten, and nothing while nothing is open", async () => {
  const sent: PresenceReport[] = [];
  const world = { nowMs: 0, editing: [] as EntryId[], isDown: false };
  const present = keepPresent({
    editing: () => world.editing,
    nowMs: () => world.nowMs,
    send: async (report) => {
      if (world.isDown) throw new Error("no answer");
      sent.push(report);
    },
  });
  try {
    const names = async (): Promise<string[][]> => {
      await present.look();
      return sent.splice(0).map(({ open }) => open.map(({ file_id: id }) => id));
    };
    assert.deepEqual(await names(), []);
    world.editing = ["w.a" as EntryId];
    assert.deepEqual(await names(), [["w.a"]]);
    assert.deepEqual(await names(), []);
    world.nowMs = 20_000;
    assert.deepEqual(await names(), [["w.a"]]);
    world.editing = [];
    world.isDown = true;
    assert.deepEqual(await names(), []);
    world.isDown = false;
    assert.deepEqual(await names(), [], "what failed is not tried again with each look");
    world.nowMs = 40_000;
    assert.deepEqual(await names(), [[]]);
    world.nowMs = 60_000;
    assert.deepEqual(await names(), []);
    world.editing = Array.from({ length: maxOpenFiles + 1 }, (_, i) => `w.${i}` as EntryId);
    assert.equal((await names())[0]?.length, maxOpenFiles);
    world.editing.reverse();
    assert.deepEqual(await names(), [], "another order is no news");
  } finally {
    present.close();
  }
});
