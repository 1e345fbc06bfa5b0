import type { AccountId } from "@satchel/protocol";
import { listParameter, listTable } from "../sql/list-table.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { Author } from "../tree-store.ts";

/** So many beside the author are remembered. */
const maxAlsoBy = 50;

/** A row that was made by several people. */
interface AlsoByRow {
  /** Ids of accounts, parted by spaces; null where it was one. */
  readonly also_by: string | null;
}

export function encodeAlsoBy({ accountId, alsoBy = [] }: Author): string | null {
  const others = [...new Set(alsoBy)].filter((id) => id !== accountId);
  return others.length === 0 ? null : others.slice(0, maxAlsoBy).join(" ");
}

/** Tells the names of those whom rows name beside their author, by one statement at most. An account that is gone has none. */
export async function findAlsoBy(
  session: SqlSession,
  rows: readonly AlsoByRow[],
): Promise<(row: AlsoByRow) => string[]> {
  const ids = new Set(rows.flatMap(idsOf));
  if (ids.size === 0) return () => [];
  const wanted = listTable(session.dialect, "$1", "wanted", { account_id: "text" });
  const found = await session.all<{ readonly account_id: AccountId; readonly name: string }>(
    `SELECT a.account_id, a.name FROM ${wanted} CROSS JOIN accounts a WHERE a.account_id = wanted.account_id`,
    [listParameter([...ids].map((id) => ({ account_id: id })))],
  );
  const names = new Map<string, string>(found.map((row) => [row.account_id, row.name]));
  return (row) => idsOf(row).flatMap((id) => names.get(id) ?? []);
}

function idsOf({ also_by: ids }: AlsoByRow): string[] {
  return ids === null ? [] : ids.split(" ");
}
