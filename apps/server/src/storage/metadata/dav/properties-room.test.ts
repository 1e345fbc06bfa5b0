import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId } from "@satchel/protocol";
import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import { maxDavCharactersOfAccount } from "../dav-store.ts";
import { migrate } from "../migrations/migrate.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import { openSqliteDatabase } from "../sql/sqlite-database.ts";

test("[WD13] what programs keep with an account's files is bounded, counted anew before it is refused, and counted where a folder is shared", async (t) => {
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
  const run = (sql: string) => database.transaction((session) => session.run(sql));

  await set("four");
  assert.deepEqual(await counted(), [5]);
  await set("sixsix");
  await store.dav.copyProperties({ from: file, to: folder });
  assert.deepEqual(await counted(), [14]);
  await set(undefined);
  assert.deepEqual(await counted(), [7]);

  // As if more had been there, and pruned.
  await run(`UPDATE workspaces SET dav_characters = ${maxDavCharactersOfAccount}`);
  await set("four");
  assert.deepEqual(await counted(), [12]);
  const large = `hex(zeroblob(${maxDavCharactersOfAccount / 2}))`;
  await run(`INSERT INTO dav_properties VALUES ('${ws.workspaceId}', '${ws.newId()}', '', 'large', ${large})`);
  await run(`UPDATE workspaces SET dav_characters = ${maxDavCharactersOfAccount}`);
  await assert.rejects(set("more", "m"), { code: "limit_exceeded" });
  await assert.rejects(store.dav.copyProperties({ from: file, to: ws.root }), { code: "limit_exceeded" });
  await set(undefined, "n");
  await run("DELETE FROM dav_properties WHERE name = 'large'");
  await set("four");

  await store.shares.create({
    folderId: folder,
    workspaceId: makeWorkspaceId(randomBytes(idPartBytes)),
    author: { accountId: ws.accountId, deviceId: null },
    nowMs: ws.nowMs,
  });
  assert.deepEqual(await counted(), [5, 7]);
});
