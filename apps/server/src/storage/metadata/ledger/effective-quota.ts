import type { WorkspaceId } from "@satchel/protocol";
import type { WorkspaceRow } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/**
 * The most bytes that the workspace may use now; null for no limit. An account's limit stands at its root folder, and all that the account owns counts against it; any other workspace
 * may have a limit of its own as well. With `lock`, nobody else uses up the account's room before the transaction ends: the workspace itself is locked before, the root after it, always in this order.
 */
export async function effectiveQuota(
  session: SqlSession,
  workspaceId: WorkspaceId,
  { workspace, lock }: { readonly workspace: WorkspaceRow; readonly lock: boolean },
): Promise<number | null> {
  const { owner_account_id: owner, root_workspace_id: root, quota_bytes: own } = workspace;
  const isRoot = root === workspaceId || root === null;
  const accountQuota = isRoot ? own : await rootQuota(session, root, lock);
  if (accountQuota === null) return own;
  // A statement of its own: one that waited for the lock would still see the sums of before.
  const [row] = await session.all<{ elsewhere: number | null }>(
    "SELECT CAST(SUM(used_bytes) AS BIGINT) AS elsewhere FROM workspaces WHERE owner_account_id = $1 AND workspace_id <> $2",
    [owner, workspaceId],
  );
  const room = Math.max(0, accountQuota - (row?.elsewhere ?? 0));
  return isRoot || own === null ? room : Math.min(own, room);
}

async function rootQuota(session: SqlSession, root: WorkspaceId, lock: boolean): Promise<number | null> {
  const forUpdate = lock && session.dialect === "postgres" ? "FOR UPDATE" : "";
  const [row] = await session.all<{ quota_bytes: number | null }>(
    `SELECT quota_bytes FROM workspaces WHERE workspace_id = $1 ${forUpdate}`,
    [root],
  );
  return row?.quota_bytes ?? null;
}
