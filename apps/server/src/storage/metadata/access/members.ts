import type { AccountId, WorkspaceId } from "@satchel/protocol";
import type { AccessStore, WorkspaceRole } from "../access-store.ts";
import { readWorkspace } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** See AccessStore.findRole. One statement whatever there is, so that its time tells a stranger nothing. */
export async function findRole(
  session: SqlSession,
  workspaceId: WorkspaceId,
  accountId: AccountId,
): Promise<WorkspaceRole | undefined> {
  const rows = await session.all<{ role: WorkspaceRole }>(
    `SELECT 'owner' AS role FROM workspaces WHERE workspace_id = $1 AND owner_account_id = $2
     UNION ALL SELECT role FROM workspace_members WHERE workspace_id = $1 AND account_id = $2`,
    [workspaceId, accountId],
  );
  return rows.some(({ role }) => role === "owner") ? "owner" : rows[0]?.role;
}

/** See AccessStore.putMember. */
export async function putMember(
  session: SqlSession,
  { workspaceId, accountId, role, nowMs }: Parameters<AccessStore["putMember"]>[0],
): Promise<void> {
  await readWorkspace(session, workspaceId);
  await session.run(
    `INSERT INTO workspace_members (workspace_id, account_id, role, added_at_ms) VALUES ($1, $2, $3, $4)
     ON CONFLICT (workspace_id, account_id) DO UPDATE SET role = excluded.role`,
    [workspaceId, accountId, role, nowMs],
  );
}

/** See AccessStore.removeMember. */
export async function removeMember(session: SqlSession, workspaceId: WorkspaceId, accountId: AccountId): Promise<void> {
  await session.run("DELETE FROM workspace_members WHERE workspace_id = $1 AND account_id = $2", [
    workspaceId,
    accountId,
  ]);
}
