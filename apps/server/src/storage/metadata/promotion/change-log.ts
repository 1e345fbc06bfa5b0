import { randomBytes } from "node:crypto";
import type { SqlSession } from "../sql/sql-database.ts";
import { keyExpression, type MovedTable, type RowKey } from "./moved-table.ts";

/**
 * Which rows of a SQLite database were changed, noted by triggers in the transaction that changes them: whoever writes, another process too, leaves a note. Only keys are noted; what a row has become is read from the row.
 */

/** Begins to note changes, if that was not begun, and answers what names this database among others. */
export async function openChangeLog(session: SqlSession, tables: readonly MovedTable[]): Promise<string> {
  await session.run("CREATE TABLE IF NOT EXISTS promotion_source (source_id TEXT NOT NULL PRIMARY KEY)");
  const [begun] = await session.all<{ source_id: string }>("SELECT source_id FROM promotion_source");
  if (begun) return begun.source_id;
  const sourceId = randomBytes(16).toString("hex");
  await session.run("INSERT INTO promotion_source (source_id) VALUES ($1)", [sourceId]);
  await session.run(
    "CREATE TABLE promotion_log (position INTEGER NOT NULL PRIMARY KEY, table_name TEXT NOT NULL, row_key TEXT NOT NULL)",
  );
  await session.run("CREATE INDEX promotion_log_by_row ON promotion_log (table_name, row_key)");
  for (const table of tables) for (const trigger of triggersOf(table)) await session.run(trigger);
  return sourceId;
}

function triggersOf(table: MovedTable): string[] {
  const { name } = table;
  const [before, after] = [keyExpression(table, "OLD"), keyExpression(table, "NEW")];
  const note = (key: string): string => `INSERT INTO promotion_log (table_name, row_key) SELECT '${name}', ${key}`;
  return [
    `CREATE TRIGGER promotion_${name}_insert AFTER INSERT ON ${name} BEGIN ${note(after)}; END`,
    `CREATE TRIGGER promotion_${name}_update AFTER UPDATE ON ${name} BEGIN ${note(after)}; ${note(before)} WHERE ${before} <> ${after}; END`,
    `CREATE TRIGGER promotion_${name}_delete AFTER DELETE ON ${name} BEGIN ${note(before)}; END`,
  ];
}

/** Notes no more, and forgets what was noted. */
export async function closeChangeLog(session: SqlSession): Promise<void> {
  const triggers = await session.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'promotion\\_%' ESCAPE '\\'",
  );
  for (const { name } of triggers) await session.run(`DROP TRIGGER ${name}`);
  await session.run("DROP TABLE IF EXISTS promotion_log");
  await session.run("DROP TABLE IF EXISTS promotion_source");
}

/** The last change that is noted; 0 for none. */
export async function lastPosition(session: SqlSession): Promise<number> {
  const [row] = await session.all<{ position: number }>(
    "SELECT COALESCE(MAX(position), 0) AS position FROM promotion_log",
  );
  return row?.position ?? 0;
}

const keysPerPage = 500;

/** The keys of a table's changed rows, each once, in pages. */
export async function* changedKeys(session: SqlSession, { name }: MovedTable): AsyncGenerator<RowKey[]> {
  for (let after = ""; ;) {
    const rows = await session.all<{ row_key: string }>(
      "SELECT DISTINCT row_key FROM promotion_log WHERE table_name = $1 AND row_key > $2 ORDER BY row_key LIMIT $3",
      [name, after, keysPerPage],
    );
    if (rows.length > 0) yield rows.map(({ row_key: key }) => JSON.parse(key) as RowKey);
    after = rows.at(-1)?.row_key ?? after;
    if (rows.length < keysPerPage) return;
  }
}

/** What was carried over needs no note any more. */
export async function dropChanges(session: SqlSession, upTo: number): Promise<void> {
  await session.run("DELETE FROM promotion_log WHERE position <= $1", [upTo]);
}
