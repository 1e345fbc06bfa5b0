import { DatabaseInUseError } from "../metadata-archive.ts";
import type { HeldChunk, MetadataPromotion } from "../metadata-promotion.ts";
import { migrate } from "../migrations/migrate.ts";
import { hashOfBytes } from "../rows/chunk-hash.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";
import { endArrival, findArrival, markArrival } from "./arrival-mark.ts";
import { changedKeys, closeChangeLog, dropChanges, lastPosition, openChangeLog } from "./change-log.ts";
import { describeTable, findRows, keyOf, parkRows, putRows, removeRows } from "./moved-table.ts";
import type { MovedRow, MovedTable, RowKey } from "./moved-table.ts";
import { movedTables } from "./moved-tables.ts";

const rowsPerPage = 1000;

/** Both databases stay the caller's. */
export function sqlMetadataPromotion({
  source,
  target,
}: {
  readonly source: SqlDatabase;
  readonly target: SqlDatabase;
}): MetadataPromotion {
  let sourceId = "";
  let tables: readonly MovedTable[] = [];
  return {
    async begin() {
      await migrate(source);
      await migrate(target);
      tables = await source.read(describeTables);
      sourceId = await source.transaction((session) => openChangeLog(session, tables));
      return { isLoaded: await target.transaction((session) => isCopyOf(session, sourceId)) };
    },
    load: (onRows) =>
      source.read((from) =>
        target.transaction(async (to) => {
          if (await isCopyOf(to, sourceId)) return;
          let rows = 0;
          for (const table of tables)
            for await (const page of pagesOf(from, table)) {
              await putRows(to, table, page);
              onRows?.((rows += page.length));
            }
          await markArrival(to, sourceId);
        }),
      ),
    async follow(bring) {
      const { upTo, rows } = await source.read(async (from) => {
        const position = await lastPosition(from);
        if (position === 0) return { upTo: 0, rows: 0 };
        await bringChunks(from, tables, bring);
        return { upTo: position, rows: await target.transaction((to) => carryOver(from, to, tables)) };
      });
      if (upTo > 0) await source.transaction((session) => dropChanges(session, upTo));
      return rows;
    },
    settle: () => endArrival(target),
  };
}

/** The source notes no more; a copy of it is of no use then. */
export async function abandonSqlPromotion(source: SqlDatabase): Promise<void> {
  await source.transaction(closeChangeLog);
}

async function describeTables(session: SqlSession): Promise<MovedTable[]> {
  const described: MovedTable[] = [];
  for (const name of movedTables) described.push(await describeTable(session, name));
  return described;
}

async function isCopyOf(target: SqlSession, sourceId: string): Promise<boolean> {
  const arriving = await findArrival(target);
  if (arriving === sourceId) return true;
  const isUsed = arriving ?? (await target.all("SELECT account_id FROM accounts LIMIT 1"))[0];
  if (isUsed)
    throw new DatabaseInUseError("the database that is to be moved to has a server's data already: name an empty one");
  return false;
}

async function* pagesOf(session: SqlSession, { name, key }: MovedTable): AsyncGenerator<MovedRow[]> {
  const columns = Object.keys(key);
  const order = `ORDER BY ${columns.join(", ")} LIMIT ${rowsPerPage}`;
  const later = `(${columns.join(", ")}) > (${columns.map((_, index) => `$${index + 1}`).join(", ")})`;
  for (let last: MovedRow | undefined; ;) {
    const from = last;
    const rows: MovedRow[] = from
      ? await session.all(
          `SELECT * FROM ${name} WHERE ${later} ${order}`,
          columns.map((column) => from[column] ?? null),
        )
      : await session.all(`SELECT * FROM ${name} ${order}`);
    if (rows.length > 0) yield rows;
    last = rows.at(-1);
    if (rows.length < rowsPerPage) return;
  }
}

async function bringChunks(
  from: SqlSession,
  tables: readonly MovedTable[],
  bring: (chunks: readonly HeldChunk[]) => Promise<void>,
): Promise<void> {
  const table = tables.find(({ name }) => name === "workspace_chunks");
  if (!table) throw new Error("chunks are not among what moves");
  for await (const keys of changedKeys(from, table)) {
    const rows = await findRows(from, table, keys);
    const held = rows.map((row) => ({
      hash: hashOfBytes(row["chunk_hash"] as Uint8Array),
      sizeBytes: Number(row["size"]),
    }));
    if (held.length > 0) await bring(held);
  }
}

/** What is gone first, the last table first; then what is there, the first table first: so nothing ever refers to what isn't there, and nothing stands in the way of its successor. */
async function carryOver(from: SqlSession, to: SqlSession, tables: readonly MovedTable[]): Promise<number> {
  let rows = 0;
  for (const table of tables.toReversed())
    for await (const keys of changedKeys(from, table)) {
      const there = new Set((await findRows(from, table, keys)).map((row) => JSON.stringify(keyOf(table, row))));
      const gone = keys.filter((key) => !there.has(JSON.stringify(key)));
      await removeRows(to, table, gone);
      await parkRows(to, table, without(keys, gone));
      rows += keys.length;
    }
  for (const table of tables)
    for await (const keys of changedKeys(from, table)) await putRows(to, table, await findRows(from, table, keys));
  return rows;
}

function without(keys: readonly RowKey[], gone: readonly RowKey[]): RowKey[] {
  const left = new Set(gone);
  return keys.filter((key) => !left.has(key));
}
