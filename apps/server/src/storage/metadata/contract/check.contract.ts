import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { migrate } from "../migrations/migrate.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

interface Planted {
  readonly ws: WorkspaceFixture;
  readonly folder: EntryId;
  readonly inner: EntryId;
  readonly file: EntryId;
}

/** One fault each, with what a check has to call it; `$1` is the workspace, `$2` what `at` names. */
const faults: readonly { code: string; sql: string; at?: "folder" | "inner" | "file" }[] = [
  { code: "root_missing", sql: "UPDATE entries SET deleted_at_ms = 1 WHERE workspace_id = $1 AND parent_id IS NULL" },
  {
    code: "entry_orphaned",
    sql: "UPDATE entries SET parent_id = 'nowhere' WHERE workspace_id = $1 AND entry_id = $2",
    at: "file",
  },
  {
    code: "entry_in_cycle",
    sql: "UPDATE entries SET parent_id = $2 WHERE workspace_id = $1 AND type = 'folder' AND name = 'folder'",
    at: "inner",
  },
  {
    code: "parent_not_folder",
    sql: "UPDATE entries SET parent_id = $2 WHERE workspace_id = $1 AND name = 'other'",
    at: "file",
  },
  {
    code: "sequence_beyond_head",
    sql: "UPDATE entries SET sequence = 1000 WHERE workspace_id = $1 AND entry_id = $2",
    at: "file",
  },
  {
    code: "sequence_shared",
    sql: "UPDATE entries SET sequence = 1 WHERE workspace_id = $1 AND entry_id = $2",
    at: "file",
  },
  {
    code: "version_missing",
    sql: "UPDATE entries SET version_id = 'v0.none' WHERE workspace_id = $1 AND entry_id = $2",
    at: "file",
  },
  { code: "version_differs", sql: "UPDATE entries SET size = 7 WHERE workspace_id = $1 AND entry_id = $2", at: "file" },
  {
    code: "manifest_broken",
    sql: "UPDATE versions SET chunks = chunk_hash FROM workspace_chunks c WHERE versions.workspace_id = $1 AND c.workspace_id = $1 AND entry_id = $2",
    at: "file",
  },
  { code: "reference_count_wrong", sql: "UPDATE workspace_chunks SET reference_count = 9 WHERE workspace_id = $1" },
  { code: "chunk_size_wrong", sql: "UPDATE workspace_chunks SET size = 9 WHERE workspace_id = $1" },
  { code: "chunk_unheld", sql: "DELETE FROM workspace_chunks WHERE workspace_id = $1" },
  { code: "usage_wrong", sql: "UPDATE workspaces SET used_bytes = 1 WHERE workspace_id = $1" },
];

/** `check` finds what is planted into a database behind the store's back; `open` gives an empty database. */
export function checkContract(name: string, open: () => SqlDatabase): void {
  describe(`check on ${name}`, () => {
    let database: SqlDatabase;
    let store: MetadataStore;
    before(async () => {
      database = open();
      await migrate(database);
      store = createSqlMetadataStore({ database, randomBytes });
    });
    after(async () => {
      await store.close();
    });

    for (const { code, sql, at } of faults) {
      test(`[MD61] finds ${code}`, async () => {
        const planted = await plant(store);
        const { ws } = planted;
        assert.deepEqual((await store.maintenance.check(ws.workspaceId)).problems, []);
        const parameters = at === undefined ? [ws.workspaceId] : [ws.workspaceId, planted[at]];
        assert.ok((await database.transaction((session) => session.run(sql, parameters))) > 0);
        const { problems } = await store.maintenance.check(ws.workspaceId);
        const found = problems.map((problem) => problem.code);
        assert.ok(found.includes(code), `found ${found.join(", ")}`);
        assert.ok(problems.every((problem) => problem.workspaceId === ws.workspaceId && problem.message.endsWith(".")));
      });
    }

    test("[MD61] finds name_shared", async () => {
      const { ws, file } = await plant(store);
      const shared = database.transaction(async (session) => {
        await session.run("DROP INDEX living_entries_by_name");
        await session.run("UPDATE entries SET name = 'other' WHERE workspace_id = $1 AND entry_id = $2", [
          ws.workspaceId,
          file,
        ]);
      });
      await shared;
      const { problems } = await store.maintenance.check(ws.workspaceId);
      assert.deepEqual(
        problems.map((problem) => problem.code),
        ["name_shared"],
      );
    });
  });
}

async function plant(store: MetadataStore): Promise<Planted> {
  const ws = await WorkspaceFixture.create(store);
  const folder = await ws.makeFolder("folder");
  const inner = await ws.makeFolder("inner", folder);
  const file = await ws.makeFile("file", ws.root, ["text"]);
  await ws.makeFolder("other");
  return { ws, folder, inner, file };
}
