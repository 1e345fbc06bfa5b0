import type { EntryId } from "@satchel/protocol";
import { listParameter, listTable } from "../../metadata/sql/list-table.ts";
import type { SqlSession } from "../../metadata/sql/sql-database.ts";
import { tables } from "./search-tables.ts";

/** The part of an id that is the entry's own; the other one is its workspace's. */
export function ownPart(id: EntryId): string {
  return id.slice(id.indexOf(".") + 1);
}

/** Takes entries of a workspace out, by the own parts of their ids. */
export async function dropNames(session: SqlSession, workspace: number, entries: readonly string[]): Promise<void> {
  if (entries.length === 0) return;
  const named = `workspace = $1 AND entry IN (SELECT gone.entry FROM ${listTable(session.dialect, "$2", "gone", { entry: "text" })})`;
  const parameters = [workspace, listParameter(entries.map((entry) => ({ entry })))];
  const places = `SELECT place FROM ${tables.names} WHERE ${named}`;
  // By their places, which FTS5 needs to be told one by one.
  const pieces = session.dialect === "sqlite" ? [tables.grams, tables.words] : [];
  for (const table of pieces) await session.run(`DELETE FROM ${table} WHERE rowid IN (${places})`, parameters);
  await session.run(`DELETE FROM ${tables.texts} WHERE place IN (${places})`, parameters);
  await session.run(`DELETE FROM ${tables.names} WHERE ${named}`, parameters);
}
