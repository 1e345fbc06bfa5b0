import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import { openInThreadMetadataStore } from "../sqlite/open-in-thread.ts";
import { migrate } from "../migrations/migrate.ts";
import { openSqliteDatabase } from "../sql/sqlite-database.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import { maxDepth } from "./batch.ts";
import { FolderSizes } from "./folder-sizes.ts";

test("[SE36] a full folder is counted anew, so that room that was made is found, and no other folder is concerned", async (t) => {
  const database = openSqliteDatabase({ path: ":memory:" });
  await migrate(database);
  const store = createSqlMetadataStore({ database, randomBytes });
  t.after(() => store.close());
  const ws = await WorkspaceFixture.create(store);
  const folder = await ws.makeFolder("folder");
  const files = [await ws.makeFile("a", folder), await ws.makeFile("b", folder)];
  const sizes = new FolderSizes(3);
  const load = () => database.read((session) => sizes.load(session, ws.workspaceId, [folder, ws.root]));
  await load();
  assert.deepEqual([sizes.add(folder), sizes.add(folder), sizes.add(ws.root)], [true, false, true]);
  for (const file of files) await ws.remove(file);
  assert.equal(sizes.add(folder), false);
  await load();
  assert.deepEqual(
    [sizes.add(folder), sizes.add(folder), sizes.add(folder), sizes.add(folder)],
    [true, true, true, false],
  );
});

test("[SE36] folders lie in one another as deep as the bound, and no deeper", async (t) => {
  const store = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  t.after(() => store.close());
  const ws = await WorkspaceFixture.create(store);
  const chain = [ws.root];
  const operations = Array.from({ length: maxDepth }, (_, index) => {
    chain.push(ws.newId());
    return {
      op: "create_folder" as const,
      id: chain[index + 1] ?? ws.root,
      parent_id: chain[index] ?? ws.root,
      name: "in",
    };
  });
  const { results } = await ws.commit(operations);
  assert.ok(results.every(({ status }) => status === "done"));
  const deepest = chain.at(-1) ?? ws.root;
  const deeper = await ws.failed({ op: "create_folder", id: ws.newId(), parent_id: deepest, name: "in" });
  assert.equal(deeper.code, "limit_exceeded");
  const other = await ws.makeFolder("other");
  const base = { base_parent_id: ws.root, base_name: "other" };
  const moved = await ws.failed({ op: "move", id: other, parent_id: deepest, name: "other", ...base });
  assert.equal(moved.code, "limit_exceeded");
});

test("[SE36] a file keeps its newest old versions, and the workspace's use goes down with the others", async (t) => {
  const store = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  t.after(() => store.close());
  const ws = await WorkspaceFixture.create(store);
  const often = await ws.makeFile("often", ws.root, ["often 0"]);
  const seldom = await ws.makeFile("seldom", ws.root, ["seldom 0"]);
  for (let edit = 1; edit <= 6; edit += 1) await ws.edit(often, [`often ${edit}`]);
  await ws.edit(seldom, ["seldom 1"]);
  const thin = (limit: number) =>
    store.maintenance.thinVersions({ workspaceId: ws.workspaceId, keep: 3, limit, nowMs: ws.nowMs });
  assert.deepEqual([await thin(2), await thin(2), await thin(2)], [2, 1, 0]);
  const { versions } = await store.history.listVersions({ id: often, after: undefined, limit: 10 });
  assert.equal(versions.length, 4);
  assert.equal((await store.history.listVersions({ id: seldom, after: undefined, limit: 10 })).versions.length, 2);
  assert.equal((await store.ledger.usage(ws.workspaceId)).usedBytes, 4 * 7 + 2 * 8);
  assert.deepEqual((await store.maintenance.check(ws.workspaceId)).problems, []);
});
