import { migrate } from "../migrations/migrate.ts";
import {
  defineInsert,
  type InsertStatement,
  type ListType,
  type SqlDatabase,
  type SqlSession,
} from "../sql/sql-database.ts";
import { DatabaseInUseError, type SnapshotPage } from "../metadata-archive.ts";
import { snapshotTables } from "./snapshot-tables.ts";

/** See MetadataArchive.load. */
export async function loadSnapshot(
  database: SqlDatabase,
  { schema, pages }: { readonly schema: number; readonly pages: AsyncIterable<SnapshotPage> },
): Promise<void> {
  await migrate(database, schema);
  await database.transaction(async (session) => {
    const [account] = await session.all("SELECT account_id FROM accounts LIMIT 1");
    if (account)
      throw new DatabaseInUseError("the server that is restored into has accounts already: restore into an empty one");
    const inserts = new Map<string, InsertStatement>();
    for await (const { table, rows } of pages) {
      const insert = inserts.get(table) ?? (await describeInsert(session, table));
      inserts.set(table, insert);
      const columns = Object.keys(insert.columns);
      await session.insert(
        insert,
        rows.map((row) => columns.map((column) => row[column] ?? null)),
      );
    }
  });
  await migrate(database);
}

async function describeInsert(session: SqlSession, table: string): Promise<InsertStatement> {
  if (!snapshotTables.some(({ name }) => name === table)) throw new Error(`a snapshot holds no table ${table}`);
  const columns = await session.all<{ name: string; type: string }>(
    session.dialect === "sqlite"
      ? `SELECT name, type FROM pragma_table_info('${table}') ORDER BY cid`
      : `SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '${table}' ORDER BY ordinal_position`,
  );
  return defineInsert(table, Object.fromEntries(columns.map(({ name, type }) => [name, listType(type)])));
}

function listType(type: string): ListType {
  if (/^(blob|bytea)$/i.test(type)) return "bytes";
  return /int/i.test(type) ? "int" : "text";
}
