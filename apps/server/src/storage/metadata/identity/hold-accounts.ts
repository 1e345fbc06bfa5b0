import type { AccountId } from "@satchel/protocol";
import { inList, listParameter } from "../sql/list-table.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** Which of these accounts are there; they stay until the transaction ends. An erasure waits for it, and then finds what was written; what comes after the erasure finds none. */
export async function holdAccounts(session: SqlSession, ids: readonly AccountId[]): Promise<ReadonlySet<AccountId>> {
  const lock = session.dialect === "postgres" ? "FOR KEY SHARE" : "";
  const rows = await session.all<{ account_id: AccountId }>(
    `SELECT account_id FROM accounts WHERE ${inList(session.dialect, "$1", { account_id: "text" })} ORDER BY account_id ${lock}`,
    [listParameter(ids.map((id) => ({ account_id: id })))],
  );
  return new Set(rows.map(({ account_id: id }) => id));
}
