import type { EntryId } from "@satchel/protocol";
import { listParameter, listTable } from "../../metadata/sql/list-table.ts";
import type { SqlSession } from "../../metadata/sql/sql-database.ts";

/** The part of an id that is the entry's own; the other one is its workspace's. */
export function ownPart(id: EntryId): string {
  return id.slice(id.indexOf(".") + 1);
}

/** Takes entries of a workspace out, by the own parts of their ids. */
export async function dropNames(session: SqlSession, workspace: number, entries: readonly string[]): Promise<void> {
  if (entries.length === 0) return;
  const named = `workspace = $1 AND entry IN (SELECT gone.entry FROM ${listTable(session.dialect, "$2", "gone", { entry: "text" })})`;
  const parameters = [workspace, listParameter(entries.map((entry) => ({ entry })))];
  if (session.dialect === "sqlite") {
    // By their places, which FTS5 needs to be told one by one.
    await session.run(
      `DELETE FROM search_grams WHERE rowid IN (SELECT place FROM search_names WHERE ${named})`,
      parameters,
    );
  }
  await session.run(`DELETE FROM search_names WHERE ${named}`, parameters);
}
