import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId } from "@satchel/protocol";
import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import { maxDavCharactersOfAccount } from "../dav-store.ts";
import { migrate } from "../migrations/migrate.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import { openSqliteDatabase } from "../sql/sqlite-database.ts";

test("[WD13] what programs keep with an account's files is bounded, by a count that follows what is set, removed, pruned and shared", async (t) => {
  const database = openSqliteDatabase({ path: ":memory:" });
  await migrate(database);
  const store = createSqlMetadataStore({ database, randomBytes });
  t.after(() => store.close());
  const ws = await WorkspaceFixture.create(store);
  const folder = await ws.makeFolder("folder");
  const file = await ws.makeFile("a.txt", folder);
  const set = (value: string | undefined, name = "n", entry = file) =>
    store.dav.patchProperties(entry, [{ namespace: "", name, value }]);
  const counted = () =>
    database.read(async (session) => {
      const rows = await session.all<{ dav_characters: number }>(
        "SELECT dav_characters FROM workspaces ORDER BY dav_characters",
      );
      return rows.map(({ dav_characters: characters }) => characters);
    });
  const prune = async () => {
    const request = { workspaceId: ws.workspaceId, beforeMs: ws.nowMs + 1, limit: 100 };
    while ((await store.maintenance.prune(request)).more);
  };
  const run = (sql: string) => database.transaction((session) => session.run(sql));

  await set("four");
  assert.deepEqual(await counted(), [5]);
  await set("sixsix");
  await store.dav.copyProperties({ from: file, to: folder });
  assert.deepEqual(await counted(), [14]);
  await set(undefined);
  assert.deepEqual(await counted(), [7]);

  await set("four");
  const bound = maxDavCharactersOfAccount;
  await run(`UPDATE workspaces SET dav_characters = ${bound}`);
  await assert.rejects(set("fours"), { code: "limit_exceeded" });
  await assert.rejects(store.dav.copyProperties({ from: file, to: ws.root }), { code: "limit_exceeded" });
  await set("fou");
  await set("four");
  assert.deepEqual(await counted(), [bound], "what was refused is not counted");

  const gone = await ws.makeFile("b.txt", folder);
  await run(`UPDATE workspaces SET dav_characters = 12`);
  await set("goes", "other", gone);
  assert.deepEqual(await counted(), [21]);
  await ws.remove(gone);
  await prune();
  assert.deepEqual(await counted(), [12], "what is pruned is counted off");

  await store.shares.create({
    folderId: folder,
    workspaceId: makeWorkspaceId(randomBytes(idPartBytes)),
    author: { accountId: ws.accountId, deviceId: null },
    nowMs: ws.nowMs,
  });
  assert.deepEqual(await counted(), [5, 7]);
});
