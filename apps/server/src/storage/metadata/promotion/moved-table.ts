import { inList, listParameter, listTable } from "../sql/list-table.ts";
import {
  defineInsert,
  type InsertStatement,
  type ListType,
  type SqlSession,
  type SqlValue,
} from "../sql/sql-database.ts";

export type MovedRow = Readonly<Record<string, SqlValue>>;

/** A row's key, in the order of the key's columns; bytes as lower-case hex. */
export type RowKey = readonly (string | number | null)[];

/** What there is to know of a table to move its rows. */
export interface MovedTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, ListType>>;
  /** The columns of the primary key. */
  readonly key: Readonly<Record<string, ListType>>;
  /** Puts rows in the place of those that have their keys. */
  readonly upsert: InsertStatement;
}

/** As the SQLite database describes it. */
export async function describeTable(session: SqlSession, name: string): Promise<MovedTable> {
  const found = await session.all<{ name: string; type: string; pk: number }>(
    `SELECT name, type, pk FROM pragma_table_info('${name}') ORDER BY cid`,
  );
  const columns = Object.fromEntries(found.map((column) => [column.name, listType(column.type)]));
  const keyColumns = found.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
  if (keyColumns.length === 0) throw new Error(`the table ${name} has no primary key`);
  const key = Object.fromEntries(keyColumns.map((column) => [column.name, listType(column.type)]));
  const others = Object.keys(columns).filter((column) => !(column in key));
  const set = others.map((column) => `${column} = excluded.${column}`).join(", ");
  const conflict = `ON CONFLICT (${Object.keys(key).join(", ")}) DO ${set === "" ? "NOTHING" : `UPDATE SET ${set}`}`;
  return { name, columns, key, upsert: defineInsert(name, columns, conflict) };
}

/** The expression of a row's key as the log of changes keeps it, for a trigger. */
export function keyExpression({ key }: MovedTable, row: "NEW" | "OLD"): string {
  const parts = Object.entries(key).map(([column, type]) =>
    type === "bytes" ? `lower(hex(${row}.${column}))` : `${row}.${column}`,
  );
  return `json_array(${parts.join(", ")})`;
}

/** Those of the rows that are there. */
export function findRows(session: SqlSession, { name, key }: MovedTable, keys: readonly RowKey[]): Promise<MovedRow[]> {
  return session.all<Record<string, SqlValue>>(`SELECT * FROM ${name} WHERE ${inList(session.dialect, "$1", key)}`, [
    keyList(key, keys),
  ]);
}

export function keyOf({ key }: MovedTable, row: MovedRow): RowKey {
  return Object.keys(key).map((column) => {
    const value = row[column] ?? null;
    return value instanceof Uint8Array ? value.toHex() : value;
  });
}

export async function putRows(session: SqlSession, table: MovedTable, rows: readonly MovedRow[]): Promise<void> {
  const names = Object.keys(table.columns);
  await session.insert(
    table.upsert,
    rows.map((row) => names.map((name) => row[name] ?? null)),
  );
}

export async function removeRows(session: SqlSession, table: MovedTable, keys: readonly RowKey[]): Promise<void> {
  if (keys.length === 0) return;
  const { name, key } = table;
  await session.run(
    `DELETE FROM ${name} USING ${listTable(session.dialect, "$1", "gone", key)} WHERE ${sameKey(table, "gone")}`,
    [keyList(key, keys)],
  );
}

/**
 * What is unique beside the key. Rows may have exchanged such values with each other, and are written one after the other: before that, all of them are put out of each other's way.
 */
export const parked: Readonly<Record<string, string>> = {
  accounts: `name_key = 'parked ' || accounts.account_id, email_key = 'parked ' || accounts.account_id, name_skeleton = 'parked ' || accounts.account_id`,
  entries: "deleted_at_ms = 0, mounts = NULL",
  notices: "read_at_ms = 0",
};

export async function parkRows(session: SqlSession, table: MovedTable, keys: readonly RowKey[]): Promise<void> {
  const { name, key } = table;
  const set = parked[name];
  if (set === undefined || keys.length === 0) return;
  const sql = `UPDATE ${name} SET ${set} FROM ${listTable(session.dialect, "$1", "coming", key)} WHERE ${sameKey(table, "coming")}`;
  await session.run(sql, [keyList(key, keys)]);
}

function sameKey({ name, key }: MovedTable, alias: string): string {
  return Object.keys(key)
    .map((column) => `${name}.${column} = ${alias}.${column}`)
    .join(" AND ");
}

function keyList(key: MovedTable["key"], keys: readonly RowKey[]): string {
  const names = Object.keys(key);
  return listParameter(
    keys.map((values) => Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]))),
  );
}

function listType(type: string): ListType {
  if (/^(blob|bytea)$/i.test(type)) return "bytes";
  return /int/i.test(type) ? "int" : "text";
}
