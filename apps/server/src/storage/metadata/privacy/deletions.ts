import { ProblemError, type AccountId } from "@satchel/protocol";
import { findAccount } from "../identity/accounts.ts";
import type { AccountDeletion, Membership, PrivacyStore } from "../privacy-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface DeletionRow {
  readonly account_id: AccountId;
  readonly requested_at_ms: number;
  readonly due_at_ms: number;
}

const columns = "account_id, requested_at_ms, due_at_ms";

/** See PrivacyStore.requestDeletion. */
export async function requestDeletion(session: SqlSession, deletion: AccountDeletion): Promise<AccountDeletion> {
  const { accountId, requestedAtMs, dueAtMs } = deletion;
  if (!(await findAccount(session, accountId))) throw new ProblemError("not_found", "There is no such account");
  await session.run(
    `INSERT INTO account_deletions (${columns}) VALUES ($1, $2, $3) ON CONFLICT (account_id) DO NOTHING`,
    [accountId, requestedAtMs, dueAtMs],
  );
  return (await findDeletion(session, accountId)) ?? deletion;
}

/** See PrivacyStore.cancelDeletion. */
export async function cancelDeletion(session: SqlSession, accountId: AccountId): Promise<boolean> {
  return (await session.run("DELETE FROM account_deletions WHERE account_id = $1", [accountId])) > 0;
}

/** See PrivacyStore.findDeletion. */
export async function findDeletion(session: SqlSession, accountId: AccountId): Promise<AccountDeletion | undefined> {
  const sql = `SELECT ${columns} FROM account_deletions WHERE account_id = $1`;
  const [row] = await session.all<DeletionRow>(sql, [accountId]);
  return row && toDeletion(row);
}

/** See PrivacyStore.listDue. */
export async function listDue(
  session: SqlSession,
  { nowMs, limit }: Parameters<PrivacyStore["listDue"]>[0],
): Promise<AccountDeletion[]> {
  const sql = `SELECT ${columns} FROM account_deletions WHERE due_at_ms <= $1 ORDER BY due_at_ms LIMIT $2`;
  return (await session.all<DeletionRow>(sql, [nowMs, limit])).map(toDeletion);
}

/** See PrivacyStore.listMemberships. */
export async function listMemberships(session: SqlSession, accountId: AccountId): Promise<Membership[]> {
  const rows = await session.all<{
    workspace_id: Membership["workspaceId"];
    role: Membership["role"];
    added_at_ms: number;
  }>("SELECT workspace_id, role, added_at_ms FROM workspace_members WHERE account_id = $1 ORDER BY workspace_id", [
    accountId,
  ]);
  return rows.map((row) => ({ workspaceId: row.workspace_id, role: row.role, addedAtMs: row.added_at_ms }));
}

function toDeletion(row: DeletionRow): AccountDeletion {
  return { accountId: row.account_id, requestedAtMs: row.requested_at_ms, dueAtMs: row.due_at_ms };
}
