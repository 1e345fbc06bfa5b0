import type { VersionHash } from "@satchel/protocol";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { ScanStore } from "../scan-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** See ScanStore.allow. */
export async function allow(
  session: SqlSession,
  ...[{ workspaceId, versionId }, nowMs]: Parameters<ScanStore["allow"]>
): Promise<string | undefined> {
  await lockWorkspace(session, workspaceId);
  const [held] = await session.all<{ readonly finding: string; readonly version_hash: VersionHash }>(
    "SELECT finding, version_hash FROM scans WHERE workspace_id = $1 AND version_id = $2 AND finding IS NOT NULL AND allowed_at_ms IS NULL",
    [workspaceId, versionId],
  );
  if (!held) return undefined;
  const ofContent = [workspaceId, held.version_hash];
  // Also of other versions: a chunk of what is harmless is harmless.
  await session.run(
    `UPDATE quarantined_chunks SET blocked = 0 WHERE workspace_id = $1 AND chunk_hash IN (
       SELECT q.chunk_hash FROM scans s JOIN quarantined_chunks q ON q.workspace_id = s.workspace_id AND q.version_id = s.version_id
       WHERE s.workspace_id = $1 AND s.version_hash = $2 AND s.finding IS NOT NULL)`,
    ofContent,
  );
  await session.run(
    `DELETE FROM quarantined_chunks WHERE workspace_id = $1 AND version_id IN (
       SELECT version_id FROM scans WHERE workspace_id = $1 AND version_hash = $2 AND finding IS NOT NULL)`,
    ofContent,
  );
  await session.run(
    "UPDATE scans SET allowed_at_ms = $3 WHERE workspace_id = $1 AND version_hash = $2 AND finding IS NOT NULL AND allowed_at_ms IS NULL",
    [...ofContent, nowMs],
  );
  return held.finding;
}
