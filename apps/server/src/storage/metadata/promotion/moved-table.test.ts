import assert from "node:assert/strict";
import { test } from "node:test";
import { migrate } from "../migrations/migrate.ts";
import { openSqliteDatabase } from "../sql/sqlite-database.ts";
import { parked } from "./moved-table.ts";
import { movedTables } from "./moved-tables.ts";

/** Tables whose other unique values are random, and never change hands. */
const neverExchanged = ["share_links"];

test("[PM2] whatever is unique beside a key, and may change hands, is put out of the way before changed rows are written", async () => {
  const database = openSqliteDatabase({ path: ":memory:" });
  await migrate(database);
  const withUnique = await database.read(async (session) => {
    const names: string[] = [];
    for (const name of movedTables) {
      const unique = await session.all(
        `SELECT name FROM pragma_index_list('${name}') WHERE "unique" = 1 AND origin <> 'pk'`,
      );
      if (unique.length > 0) names.push(name);
    }
    return names;
  });
  assert.deepEqual(withUnique.toSorted(), [...Object.keys(parked), ...neverExchanged].toSorted());
  await database.close();
});
