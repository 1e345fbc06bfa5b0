import type { AccountId, WorkspaceId } from "@satchel/protocol";
import { listOwned } from "../ledger/usage.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** Tables of a workspace that grow with use, each with the column by which it is taken away in parts; what refers to others comes before them. */
const workspaceTables = [
  ["outbox", "sequence"],
  ["journal", "sequence"],
  ["versions", "entry_id"],
  ["entries", "entry_id"],
  ["workspace_chunks", "chunk_hash"],
  ["pending_uploads", "entry_id"],
  ["live_updates", "entry_id"],
  ["live_sessions", "entry_id"],
  ["dav_properties", "entry_id"],
  ["comments", "entry_id"],
  ["dav_locks", "token"],
  ["dav_upload_parts", "upload_id"],
  ["dav_uploads", "upload_id"],
  ["folder_stamps", "folder_id"],
  ["stamped_workspaces", "workspace_id"],
  ["idempotency", "key"],
  ["workspace_members", "account_id"],
  ["share_invitations", "invitee_key"],
  ["shares", "workspace_id"],
  ["share_links", "link_id"],
  ["previews", "version_id"],
  ["scans", "version_id"],
  ["quarantined_chunks", "version_id"],
  ["damaged_chunks", "chunk_hash"],
  // A round that had come as far as this workspace begins anew.
  ["scrub_rounds", "name"],
  ["tasks", "task_key"],
  ["task_feeds", "kind"],
] as const;

/** What there is about an account itself; devices and what hangs on them come first. */
const accountStatements = [
  "DELETE FROM refresh_tokens WHERE device_id IN (SELECT device_id FROM devices WHERE account_id = $1)",
  "DELETE FROM app_passwords WHERE device_id IN (SELECT device_id FROM devices WHERE account_id = $1)",
  "DELETE FROM devices WHERE account_id = $1",
  "DELETE FROM join_codes WHERE account_id = $1",
  "DELETE FROM one_time_secrets WHERE account_id = $1",
  "DELETE FROM browser_sessions WHERE account_id = $1",
  "DELETE FROM known_networks WHERE account_id = $1",
  "DELETE FROM mail_queue WHERE account_id = $1",
  "DELETE FROM notices WHERE account_id = $1",
  // What others were told stays theirs, and names nobody any more.
  "UPDATE notices SET by_account_id = NULL WHERE by_account_id = $1",
  // What they said in folders of others goes; that somebody said something, and what others answered, stays.
  "UPDATE comments SET account_id = NULL, sealed_text = NULL WHERE account_id = $1",
  "UPDATE comments SET resolved_by = NULL WHERE resolved_by = $1",
  "DELETE FROM notice_settings WHERE account_id = $1",
  "DELETE FROM linked_identities WHERE account_id = $1",
  "DELETE FROM totp_factors WHERE account_id = $1",
  "DELETE FROM recovery_codes WHERE account_id = $1",
  "DELETE FROM passkeys WHERE account_id = $1",
  "DELETE FROM oauth_records WHERE account_id = $1",
  "DELETE FROM workspace_members WHERE account_id = $1",
  "DELETE FROM share_links WHERE account_id = $1",
  "DELETE FROM share_invitations WHERE invitee_key = 'account:' || $1 OR invited_by = $1",
  "DELETE FROM pending_uploads WHERE account_id = $1",
  "DELETE FROM dav_locks WHERE account_id = $1",
  "DELETE FROM idempotency WHERE account_id = $1",
  "DELETE FROM account_deletions WHERE account_id = $1",
  "DELETE FROM accounts WHERE account_id = $1",
];

/** The tables that an erasure takes rows from. */
export const erasedTables: ReadonlySet<string> = new Set([
  "workspaces",
  ...workspaceTables.map(([table]) => table),
  ...accountStatements.flatMap((statement) => /^DELETE FROM (\w+)/.exec(statement)?.[1] ?? []),
]);

/** See PrivacyStore.eraseStep. */
export async function eraseStep(session: SqlSession, accountId: AccountId, limit: number): Promise<boolean> {
  const [workspaceId] = await listOwned(session, accountId);
  if (workspaceId !== undefined) {
    for (const [table, key] of workspaceTables) {
      if ((await deletePart(session, { table, key, workspaceId, limit })) > 0) return false;
    }
    await session.run("DELETE FROM workspaces WHERE workspace_id = $1", [workspaceId]);
    return false;
  }
  // Whoever writes something about the account, as a notice, holds its row: that was written before, and goes with the rest, or finds no account any more.
  if (session.dialect === "postgres")
    await session.all("SELECT 1 AS one FROM accounts WHERE account_id = $1 FOR UPDATE", [accountId]);
  for (const statement of accountStatements) await session.run(statement, [accountId]);
  return true;
}

/** The rows with the lowest keys, found by index. Somewhat more than `limit` where many share one key. */
async function deletePart(
  session: SqlSession,
  part: { readonly table: string; readonly key: string; readonly workspaceId: WorkspaceId; readonly limit: number },
): Promise<number> {
  const { table, key, workspaceId, limit } = part;
  return await session.run(
    `DELETE FROM ${table} WHERE workspace_id = $1 AND ${key} <= COALESCE(
       (SELECT ${key} FROM ${table} WHERE workspace_id = $1 ORDER BY ${key} LIMIT 1 OFFSET $2),
       (SELECT ${key} FROM ${table} WHERE workspace_id = $1 ORDER BY ${key} DESC LIMIT 1))`,
    [workspaceId, limit],
  );
}
