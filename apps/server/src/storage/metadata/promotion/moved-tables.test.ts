import assert from "node:assert/strict";
import { test } from "node:test";
import { migrate } from "../migrations/migrate.ts";
import { openSqliteDatabase } from "../sql/sqlite-database.ts";
import { movedTables, tablesThatStay } from "./moved-tables.ts";

test("[PM1] every table moves, behind those that it refers to, or stays by name", async () => {
  const database = openSqliteDatabase({ path: ":memory:" });
  await migrate(database);
  await database.read(async (session) => {
    const tables = await session.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
    assert.deepEqual([...movedTables, ...tablesThatStay].toSorted(), tables.map(({ name }) => name).toSorted());
    for (const [at, name] of movedTables.entries()) {
      const refersTo = await session.all<{ table: string }>(`SELECT "table" FROM pragma_foreign_key_list('${name}')`);
      for (const { table } of refersTo) assert.ok(movedTables.slice(0, at).includes(table), `${name} to ${table}`);
    }
  });
  await database.close();
});
