import assert from "node:assert/strict";
import { test } from "node:test";
import { makeWorkspaceId } from "@satchel/protocol";
import { DecisionLog } from "../../decisions/decision-log.ts";
import { openVirtualDisk } from "../../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../../disk/virtual/virtual-file-system.ts";
import { StateStore } from "../../state/state-store.ts";
import { Keeper } from "./keeper.ts";
import { RootGuard } from "../outside/root-guard.ts";

async function open() {
  const clock = { ms: 1_000_000, nowMs: () => clock.ms, sleep: () => Promise.resolve() };
  const files = new VirtualFileSystem({ nowNs: () => 1_000_000n });
  files.mount();
  const disk = openVirtualDisk(files);
  const state = new StateStore(":memory:", makeWorkspaceId(new Uint8Array(10)));
  const root = new RootGuard({ state, disk, entropy: { bytes: (count) => new Uint8Array(count) } });
  await root.open();
  const keeper = new Keeper({ disk, state, root, clock, decisions: new DecisionLog(state, clock) });
  const learn = (): void => state.transaction(() => state.setSetting("excluded", "[]"));
  return { clock, state, files, disk, keeper, learn };
}

test("[EN65] what is found out step by step is written down now and then, and at once when asked for", async () => {
  const { clock, state, keeper, learn } = await open();
  const isWritten = async (keep: () => Promise<void>): Promise<boolean> => {
    learn();
    await keep();
    return !state.hasNews;
  };
  assert.equal(await isWritten(keeper.keepIfDue), true);
  assert.equal(await isWritten(keeper.keepIfDue), false);
  clock.ms += 1499;
  assert.equal(await isWritten(keeper.keepIfDue), false);
  clock.ms += 1;
  assert.equal(await isWritten(keeper.keepIfDue), true);
  assert.equal(await isWritten(keeper.keep), true);
});

test("[EN130] what is put in place while the books are about to be written is made to last before they tell of it", async () => {
  const { state, files, disk, keeper, learn } = await open();
  const identify = disk.rootIdentity.bind(disk);
  let placings = 3;
  disk.rootIdentity = async () => {
    const identity = await identify();
    if (placings-- > 0) await disk.makeFolder(`f${placings}`);
    return identity;
  };
  const settledAtFlush: number[] = [];
  const flush = state.flush.bind(state);
  state.flush = () => {
    settledAtFlush.push(files.tree.unsettledCount);
    flush();
  };
  learn();
  await keeper.keep();
  assert.deepEqual(settledAtFlush, [0]);
  assert.equal(await disk.stat("f0").then((stat) => stat?.type), "folder");
});

test("[EN65] a clock that jumps back puts nothing off", async () => {
  const { clock, state, keeper, learn } = await open();
  await keeper.keep();
  clock.ms -= 60 * 60_000;
  learn();
  await keeper.keepIfDue();
  assert.equal(state.hasNews, false);
});

test("[EN11] what is worth writing down often is written down at once, and for a twentieth of the time where that takes long", async () => {
  const { clock, state, keeper, learn } = await open();
  const flush = state.flush.bind(state);
  let writingMs = 0;
  state.flush = () => {
    clock.ms += writingMs;
    flush();
  };
  const isWritten = async (): Promise<boolean> => {
    learn();
    await keeper.keepIfCheap();
    return !state.hasNews;
  };
  assert.deepEqual([await isWritten(), await isWritten()], [true, true]);
  writingMs = 10;
  assert.equal(await isWritten(), true);
  assert.equal(await isWritten(), false);
  clock.ms += 189;
  assert.equal(await isWritten(), false);
  clock.ms += 1;
  assert.equal(await isWritten(), true);
  writingMs = 1000;
  clock.ms += 1000;
  assert.equal(await isWritten(), true);
  clock.ms += 500;
  assert.equal(await isWritten(), true, "as often as everything else, however long it takes");
});
