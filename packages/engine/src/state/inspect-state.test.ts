import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { makeWorkspaceId } from "@satchel/protocol";
import { temporaryDirectory } from "@satchel/testkit";
import { inspectState } from "./inspect-state.ts";
import { StateStore } from "./state-store.ts";

test("[EN76] a database is found sound, missing or damaged, while an engine uses it", async () => {
  await using directory = await temporaryDirectory("inspect");
  const path = directory.join("state.db");
  assert.deepEqual(inspectState(path), { health: "missing" });
  const state = new StateStore(path, makeWorkspaceId(new Uint8Array(10)));
  state.flush();
  assert.deepEqual(inspectState(path), { health: "sound", files: 0, folders: 1 });
  state.close();
  await writeFile(path, "this was a database");
  const { health } = inspectState(path);
  assert.equal(health, "damaged");
});
