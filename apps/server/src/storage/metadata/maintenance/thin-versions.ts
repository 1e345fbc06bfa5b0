import type { EntryId, VersionId } from "@satchel/protocol";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { isNoConflictBase, removeVersions } from "./prune.ts";

/** See MaintenanceStore.thinVersions. */
export async function thinVersions(
  session: SqlSession,
  { workspaceId, keep, limit, nowMs }: Parameters<MaintenanceStore["thinVersions"]>[0],
): Promise<number> {
  const workspace = await lockWorkspace(session, workspaceId);
  const versions = await session.all<{ entry_id: EntryId; version_id: VersionId; chunks: Uint8Array }>(
    `SELECT entry_id, version_id, chunks FROM (
       SELECT entry_id, version_id, chunks, ROW_NUMBER() OVER (PARTITION BY entry_id ORDER BY sequence DESC) AS place FROM versions
       WHERE workspace_id = $1 AND superseded_at_ms IS NOT NULL AND entry_id IN (
         SELECT entry_id FROM versions WHERE workspace_id = $1 AND superseded_at_ms IS NOT NULL GROUP BY entry_id HAVING COUNT(*) > $2
       )
     ) AS numbered WHERE place > $2 AND ${isNoConflictBase} LIMIT $3`,
    [workspaceId, keep, limit],
  );
  await removeVersions(session, { request: { workspaceId, beforeMs: nowMs, limit }, workspace, versions });
  return versions.length;
}
