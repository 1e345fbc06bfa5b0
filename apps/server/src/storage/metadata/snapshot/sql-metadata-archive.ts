import type { MetadataArchive } from "../metadata-archive.ts";
import { latestSchema, migrate } from "../migrations/migrate.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";
import { loadSnapshot } from "./load-snapshot.ts";
import { readSnapshot } from "./read-snapshot.ts";

/** Over either SQL database, which it closes with itself. */
export function sqlMetadataArchive(database: SqlDatabase): MetadataArchive {
  return {
    schema: latestSchema,
    read: async (visit) => {
      await migrate(database);
      await readSnapshot(database, visit);
    },
    isEmpty: () =>
      database.read(async (session) => {
        if (!(await hasTables(session))) return true;
        return (await session.all("SELECT account_id FROM accounts LIMIT 1")).length === 0;
      }),
    load: (snapshot) => loadSnapshot(database, snapshot),
    close: () => database.close(),
  };
}

async function hasTables(session: SqlSession): Promise<boolean> {
  const rows = await session.all(
    session.dialect === "sqlite"
      ? "SELECT name FROM sqlite_master WHERE name = 'accounts'"
      : "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'accounts'",
  );
  return rows.length > 0;
}
