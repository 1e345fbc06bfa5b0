import assert from "node:assert/strict";
import { test } from "node:test";
import type { SqlDatabase } from "../../metadata/sql/sql-database.ts";
import { openSearchSchema } from "./search-schema.ts";
import { indexVersion, searchTables, tables } from "./search-tables.ts";

/** How versions of the index stand beside each other in one database; `keepsEarlier` where other servers may run on it. */
export function searchSchemaContract(
  name: string,
  { open, keepsEarlier }: { readonly open: () => Promise<SqlDatabase>; readonly keepsEarlier: boolean },
): void {
  const one = async (database: SqlDatabase, table: string): Promise<number | undefined> => {
    const rows = await database
      .read((session) => session.all<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table}`))
      .catch(() => []);
    return rows[0]?.count;
  };
  const write = (database: SqlDatabase, statement: string): Promise<number> =>
    database.transaction((session) => session.run(statement));

  test(`[SR21] on ${name} the tables of earlier versions stay for servers that still run, and go in the end`, async (t) => {
    const database = await open();
    t.after(() => database.close());
    const before = searchTables(indexVersion - 1).names;
    for (const statement of [
      "CREATE TABLE search_version (version INTEGER NOT NULL)",
      "CREATE TABLE search_names (name TEXT)",
    ])
      await write(database, statement);
    await openSearchSchema(database, "key");
    assert.equal(await one(database, "search_names"), keepsEarlier ? 0 : undefined);
    assert.equal(await one(database, tables.names), 0);
    await write(database, `INSERT INTO ${tables.workspaces} (workspace_id) VALUES ('kept')`);
    await openSearchSchema(database, "key");
    assert.equal(await one(database, tables.workspaces), 1);
    await write(database, "UPDATE search_versions SET opened_at = '2020-01-01T00:00:00Z'");
    await openSearchSchema(database, "key");
    for (const gone of ["search_version", "search_names", before]) assert.equal(await one(database, gone), undefined);
    assert.equal(await one(database, tables.workspaces), 1);
  });

  test(`[SR20] on ${name} an index that was made with another key is made anew`, async (t) => {
    const database = await open();
    t.after(() => database.close());
    await openSearchSchema(database, "one key");
    await write(database, `INSERT INTO ${tables.workspaces} (workspace_id) VALUES ('gone')`);
    await openSearchSchema(database, "another");
    assert.equal(await one(database, tables.workspaces), 0);
  });
}
