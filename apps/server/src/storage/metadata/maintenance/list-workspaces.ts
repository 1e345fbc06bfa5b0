import type { WorkspaceId } from "@satchel/protocol";
import type { SqlSession } from "../sql/sql-database.ts";

/** See MaintenanceStore.listWorkspaces: by id. */
export async function listWorkspaces(
  session: SqlSession,
  { after, limit }: { after: WorkspaceId | undefined; limit: number },
): Promise<WorkspaceId[]> {
  const rows = await session.all<{ workspace_id: WorkspaceId }>(
    "SELECT workspace_id FROM workspaces WHERE workspace_id > $1 ORDER BY workspace_id LIMIT $2",
    [after ?? "", limit],
  );
  return rows.map((row) => row.workspace_id);
}
