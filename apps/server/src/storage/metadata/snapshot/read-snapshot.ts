import type { SnapshotPage, SnapshotRow } from "../metadata-archive.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";
import { snapshotTables, type SnapshotTable } from "./snapshot-tables.ts";

const rowsPerPage = 1000;

/** See MetadataArchive.read. */
export async function readSnapshot(database: SqlDatabase, visit: (page: SnapshotPage) => Promise<void>): Promise<void> {
  await database.read(async (session) => {
    for (const table of snapshotTables) await readTable(session, table, visit);
  });
}

async function readTable(
  session: SqlSession,
  table: SnapshotTable,
  visit: (page: SnapshotPage) => Promise<void>,
): Promise<void> {
  const { name, key, where = "1 = 1" } = table;
  const order = `ORDER BY ${key.join(", ")} LIMIT ${rowsPerPage}`;
  const later = `(${key.join(", ")}) > (${key.map((_, index) => `$${index + 1}`).join(", ")})`;
  for (let last: SnapshotRow | undefined; ;) {
    const from = last;
    const rows: SnapshotRow[] = from
      ? await session.all(
          `SELECT * FROM ${name} WHERE ${where} AND ${later} ${order}`,
          key.map((column) => from[column] ?? null),
        )
      : await session.all(`SELECT * FROM ${name} WHERE ${where} ${order}`);
    if (rows.length > 0) await visit({ table: name, rows });
    last = rows.at(-1);
    if (rows.length < rowsPerPage) return;
  }
}
