import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { makeEntryId, makeWorkspaceId } from "@satchel/protocol";
import { limboId } from "@satchel/reconcile";
import { seededRandom, temporaryDirectory } from "@satchel/testkit";
import { openNodeDisk } from "../disk/node-disk.ts";
import { recordOf } from "../scan/observation.ts";
import { limboPath } from "../state/own-folder.ts";
import { StateStore } from "../state/state-store.ts";
import { recoverLimbo } from "./recover-limbo.ts";

const random = seededRandom("limbo");
const workspaceId = makeWorkspaceId(random.bytes(10));

test("[EN60] what nobody knows of in limbo comes back into the folder, and what is known stays", async () => {
  await using directory = await temporaryDirectory("limbo");
  const disk = openNodeDisk({ root: directory.path });
  const state = new StateStore(":memory:", workspaceId);
  try {
    await disk.prepareRoot("marker");
    const known = makeEntryId(workspaceId, random.bytes(10));
    writeFileSync(directory.join(limboPath(known)), "known");
    writeFileSync(directory.join(limboPath("ws.lost")), "lost");
    const stat = await disk.stat(limboPath(known));
    assert.ok(stat);
    state.transaction(() => state.local.put(recordOf(undefined, { id: known, parentId: limboId, name: known }, stat)));
    await recoverLimbo({ state, disk });
    assert.equal(readFileSync(directory.join("Recovered lost"), "utf8"), "lost");
    assert.ok(existsSync(directory.join(limboPath(known))));
    assert.equal(state.localPath(known), limboPath(known));
  } finally {
    state.close();
    await disk.close();
  }
});

test("[EN60] what the books have in limbo but the disk has not is no longer there", async () => {
  await using directory = await temporaryDirectory("limbo");
  const disk = openNodeDisk({ root: directory.path });
  const state = new StateStore(":memory:", workspaceId);
  try {
    await disk.prepareRoot("marker");
    writeFileSync(directory.join("elsewhere"), "");
    const stat = await disk.stat("elsewhere");
    assert.ok(stat);
    const id = makeEntryId(workspaceId, random.bytes(10));
    state.transaction(() => state.local.put(recordOf(undefined, { id, parentId: limboId, name: id }, stat)));
    await recoverLimbo({ state, disk });
    assert.equal(state.local.find(id), undefined);
  } finally {
    state.close();
    await disk.close();
  }
});
