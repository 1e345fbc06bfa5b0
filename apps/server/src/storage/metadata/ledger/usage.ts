import { ProblemError, rootEntryId, type AccountId, type WorkspaceId } from "@satchel/protocol";
import type { LedgerStore, StorageRoom, StorageUse } from "../ledger-store.ts";
import { readWorkspace } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { effectiveQuota } from "./effective-quota.ts";

/** See LedgerStore.room. What waits is only counted where there is a limit. */
export async function room(session: SqlSession, workspaceId: WorkspaceId): Promise<StorageRoom> {
  const workspace = await readWorkspace(session, workspaceId);
  const quotaBytes = await effectiveQuota(session, workspaceId, { workspace, lock: false });
  const pendingBytes = quotaBytes === null ? 0 : await pendingBytesOf(session, workspaceId);
  return { usedBytes: workspace.used_bytes, quotaBytes, pendingBytes };
}

async function pendingBytesOf(session: SqlSession, workspaceId: WorkspaceId): Promise<number> {
  const [row] = await session.all<{ bytes: number | null }>(
    "SELECT CAST(SUM(size) AS BIGINT) AS bytes FROM workspace_chunks WHERE workspace_id = $1 AND reference_count = 0",
    [workspaceId],
  );
  return row?.bytes ?? 0;
}

interface UseRow {
  readonly files: number | null;
  readonly versions: number | null;
  readonly trash: number | null;
}

/** See LedgerStore.use. */
export async function use(session: SqlSession, workspaceId: WorkspaceId): Promise<StorageUse> {
  const workspace = await readWorkspace(session, workspaceId);
  const quotaBytes = await effectiveQuota(session, workspaceId, { workspace, lock: false });
  const [row] = await session.all<UseRow>(
    `WITH RECURSIVE living (entry_id) AS (
       SELECT entry_id FROM entries WHERE workspace_id = $1 AND entry_id = $2
       UNION ALL
       SELECT e.entry_id FROM living l JOIN entries e ON e.parent_id = l.entry_id AND e.workspace_id = $1 AND e.deleted_at_ms IS NULL
     )
     SELECT CAST(SUM(CASE WHEN l.entry_id IS NOT NULL AND v.superseded_at_ms IS NULL THEN v.size ELSE 0 END) AS BIGINT) AS files,
            CAST(SUM(CASE WHEN l.entry_id IS NOT NULL AND v.superseded_at_ms IS NOT NULL THEN v.size ELSE 0 END) AS BIGINT) AS versions,
            CAST(SUM(CASE WHEN l.entry_id IS NULL THEN v.size ELSE 0 END) AS BIGINT) AS trash
     FROM versions v LEFT JOIN living l ON l.entry_id = v.entry_id WHERE v.workspace_id = $1`,
    [workspaceId, rootEntryId(workspaceId)],
  );
  return {
    usedBytes: workspace.used_bytes,
    quotaBytes,
    pendingBytes: await pendingBytesOf(session, workspaceId),
    filesBytes: row?.files ?? 0,
    versionsBytes: row?.versions ?? 0,
    trashBytes: row?.trash ?? 0,
  };
}

/** See LedgerStore.accountUsage. The limit stands at the account's root folder. */
export async function accountUsage(
  session: SqlSession,
  accountId: AccountId,
): Promise<{ usedBytes: number; quotaBytes: number | null }> {
  const [row] = await session.all<{ used_bytes: number | null; quota_bytes: number | null }>(
    `SELECT r.quota_bytes, (SELECT CAST(SUM(w.used_bytes) AS BIGINT) FROM workspaces w WHERE w.owner_account_id = $1) AS used_bytes
     FROM accounts a JOIN workspaces r ON r.workspace_id = a.root_workspace_id WHERE a.account_id = $1`,
    [accountId],
  );
  if (!row) throw new ProblemError("not_found", "There is no such account");
  return { usedBytes: row.used_bytes ?? 0, quotaBytes: row.quota_bytes };
}

/** See LedgerStore.setQuota. */
export async function setQuota(
  session: SqlSession,
  { accountId, quotaBytes }: Parameters<LedgerStore["setQuota"]>[0],
): Promise<void> {
  await session.run(
    `UPDATE workspaces SET quota_bytes = $2
     WHERE workspace_id = (SELECT root_workspace_id FROM accounts WHERE account_id = $1)`,
    [accountId, quotaBytes],
  );
}

/** See LedgerStore.listOwned. */
export async function listOwned(session: SqlSession, accountId: AccountId): Promise<WorkspaceId[]> {
  const sql = "SELECT workspace_id FROM workspaces WHERE owner_account_id = $1 ORDER BY created_at_ms, workspace_id";
  return (await session.all<{ workspace_id: WorkspaceId }>(sql, [accountId])).map((row) => row.workspace_id);
}
