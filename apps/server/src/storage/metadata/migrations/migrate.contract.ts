import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import type { DeviceId } from "@satchel/protocol";
import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import { latestSchema, migrate } from "./migrate.ts";

/** Rules of migrations; `open` gives an empty database each time. */
export function migrationContract(name: string, open: () => Promise<SqlDatabase>): void {
  describe(`migrations on ${name}`, () => {
    test("[MD62] a database that was migrated from each schema, with data in it, is made as a new one", async () => {
      const fresh = await schemaAfter(await open(), [latestSchema]);
      assert.ok(fresh.length > 20);
      for (let from = 1; from <= latestSchema; from += 1)
        assert.deepEqual(await schemaAfter(await open(), [from, latestSchema]), fresh);
    });

    test("[MD62] migrating again changes nothing and keeps the data", async () => {
      const database = await open();
      await migrate(database);
      const store = createSqlMetadataStore({ database, randomBytes });
      const ws = await WorkspaceFixture.create(store);
      await ws.makeFile("kept");
      await migrate(database);
      assert.deepEqual(await ws.paths(), ["/kept"]);
      await store.close();
    });

    test("[ID1] accounts of before that look alike keep their names, their addresses and their devices", async () => {
      const database = await open();
      await migrate(database, 1);
      await database.transaction(async (session) => {
        for (const [id, name, email] of [
          ["a1", "Bill", "Bill@example.org"],
          ["a2", "bi11", "both@example.org"],
          ["a3", "ann", "BOTH@example.org"],
        ] as const) {
          const values = [id, name, name.toLowerCase(), email].map((value) => `'${value}'`).join(", ");
          await session.run(
            `INSERT INTO accounts (account_id, name, name_key, email, password_hash, is_admin, root_workspace_id, created_at_ms) VALUES (${values}, 'h', 0, 'w${id}', 1)`,
          );
          await session.run(
            `INSERT INTO workspaces (workspace_id, owner_account_id, head, epoch, feed_horizon, used_bytes, created_at_ms) VALUES ('w${id}', '${id}', 0, 'e', 0, 0, 1)`,
          );
        }
        await session.run(
          "INSERT INTO devices (device_id, account_id, name, created_at_ms) VALUES ('d', 'a2', 'laptop', 1)",
        );
      });
      await database.transaction((session) =>
        session.run("INSERT INTO refresh_tokens (token_hash, device_id, expires_at_ms) VALUES ('old', 'd', 100)"),
      );
      await migrate(database);
      const { identity, close } = createSqlMetadataStore({ database, randomBytes });
      assert.equal((await identity.findAccountByName("BI11"))?.email, "both@example.org");
      assert.equal((await identity.findAccountByEmail("bill@example.org"))?.name, "Bill");
      assert.equal(await identity.findAccountByEmail("both@example.org"), undefined);
      assert.equal(await identity.isNameTaken("blll"), true);
      const known = await identity.findDevice("d" as DeviceId);
      assert.deepEqual([known?.account.name, known?.device.kind, known?.device.scopes], ["bi11", "device", null]);
      const next = { tokenHash: "new", expiresAtMs: 100 };
      assert.equal((await identity.rotateRefreshToken({ tokenHash: "old", next, nowMs: 5 })).outcome, "rotated");
      await close();
    });

    test("[MD62] a newer database is refused", async () => {
      const database = await open();
      await migrate(database);
      await database.transaction((session) => session.run(`UPDATE schema_version SET version = ${latestSchema + 1}`));
      await assert.rejects(migrate(database), { code: "database_newer" });
      await database.close();
    });
  });
}

/** Migrates in these steps, with a life in the workspace as soon as there is a schema; answers what the database then consists of. */
async function schemaAfter(database: SqlDatabase, steps: readonly number[]): Promise<string[]> {
  for (const step of steps) {
    await migrate(database, step);
    if (step === latestSchema) await live(database);
  }
  const schema = await readSchema(database);
  await database.close();
  return schema;
}

async function live(database: SqlDatabase): Promise<void> {
  const store = createSqlMetadataStore({ database, randomBytes });
  const ws = await WorkspaceFixture.create(store);
  const folder = await ws.makeFolder("folder");
  await ws.edit(await ws.makeFile("file", folder), ["new"]);
  assert.deepEqual((await store.maintenance.check(ws.workspaceId)).problems, []);
}

async function readSchema(database: SqlDatabase): Promise<string[]> {
  return await database.read(async (session) => {
    const sql =
      session.dialect === "sqlite"
        ? "SELECT sql AS made FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
        : `SELECT concat_ws(' ', table_name, column_name, data_type, collation_name, is_nullable) AS made FROM information_schema.columns WHERE table_schema = 'public'
           UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
           UNION ALL SELECT concat_ws(' ', conrelid::regclass::text, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
           ORDER BY made`;
    return (await session.all<{ made: string }>(sql)).map((row) => row.made);
  });
}
