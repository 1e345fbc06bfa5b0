import type { EntryId, VersionId, WorkspaceId } from "@satchel/protocol";
import { ChunkCounts } from "../commit/chunk-counts.ts";
import { storedChunks } from "../commit/load-batch.ts";
import { removePropertiesOf } from "../dav/properties-room.ts";
import type { PruneOutcome } from "../maintenance-store.ts";
import { lockWorkspace, type WorkspaceRow } from "../rows/workspace-row.ts";
import { inList, listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface PruneRequest {
  readonly workspaceId: WorkspaceId;
  readonly beforeMs: number;
  readonly limit: number;
}

interface DoomedVersion {
  readonly entry_id: EntryId;
  readonly version_id: VersionId;
  readonly chunks: Uint8Array;
}

/**
 * See MaintenanceStore.prune. A deleted folder goes from its leaves up, a bounded number at a time: first its children are marked as deleted when it was, then what has no children is removed, so a later call finds the folder empty.
 */
export async function prune(session: SqlSession, request: PruneRequest): Promise<PruneOutcome> {
  const workspace = await lockWorkspace(session, request.workspaceId);
  const marked = await markChildren(session, request);
  const superseded = await findSuperseded(session, request);
  const entries = await findLeaves(session, request);
  const versions = distinctVersions([...superseded, ...(await versionsOf(session, request.workspaceId, entries))]);
  await removeVersions(session, { request, workspace, versions });
  await removeEntries(session, { request, workspace, entries });
  const journal = await pruneJournal(session, request);
  const more = marked + versions.length + entries.length + journal > 0;
  return { versions: versions.length, entries: entries.length, more };
}

async function markChildren(session: SqlSession, { workspaceId, beforeMs, limit }: PruneRequest): Promise<number> {
  return await session.run(
    `UPDATE entries SET deleted_at_ms = doomed.deleted_at_ms, deleted_by = doomed.deleted_by
     FROM (
       SELECT child.entry_id, folder.deleted_at_ms, folder.deleted_by FROM entries folder CROSS JOIN entries child
       WHERE folder.workspace_id = $1 AND folder.deleted_at_ms < $2 AND folder.deleted_at_ms IS NOT NULL
         AND child.workspace_id = $1 AND child.parent_id = folder.entry_id AND child.deleted_at_ms IS NULL
       LIMIT $3
     ) AS doomed
     WHERE entries.workspace_id = $1 AND entries.entry_id = doomed.entry_id`,
    [workspaceId, beforeMs, limit],
  );
}

/** A version that a conflict waits to be merged on stays until the conflict is resolved. [MD64] */
export const isNoConflictBase = `version_id NOT IN (
       SELECT conflict_base FROM entries WHERE workspace_id = $1 AND conflict_of IS NOT NULL AND deleted_at_ms IS NULL AND conflict_base IS NOT NULL
     )`;

async function findSuperseded(
  session: SqlSession,
  { workspaceId, beforeMs, limit }: PruneRequest,
): Promise<DoomedVersion[]> {
  return await session.all<DoomedVersion>(
    `SELECT entry_id, version_id, chunks FROM versions
     WHERE workspace_id = $1 AND superseded_at_ms < $2 AND superseded_at_ms IS NOT NULL AND ${isNoConflictBase} ORDER BY superseded_at_ms LIMIT $3`,
    [workspaceId, beforeMs, limit],
  );
}

interface DoomedEntry {
  readonly entry_id: EntryId;
  readonly sequence: number;
}

async function findLeaves(session: SqlSession, { workspaceId, beforeMs, limit }: PruneRequest): Promise<DoomedEntry[]> {
  return await session.all<DoomedEntry>(
    `SELECT e.entry_id, e.sequence FROM entries e
     WHERE e.workspace_id = $1 AND e.deleted_at_ms < $2 AND e.deleted_at_ms IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM entries c WHERE c.workspace_id = $1 AND c.parent_id = e.entry_id AND c.deleted_at_ms IS NULL)
       AND NOT EXISTS (SELECT 1 FROM entries c WHERE c.workspace_id = $1 AND c.parent_id = e.entry_id AND c.deleted_at_ms IS NOT NULL)
     ORDER BY e.deleted_at_ms, e.entry_id LIMIT $3`,
    [workspaceId, beforeMs, limit],
  );
}

/** A version may be superseded and of a doomed entry; it is counted down once. */
function distinctVersions(versions: readonly DoomedVersion[]): DoomedVersion[] {
  return [...new Map(versions.map((version) => [version.version_id, version])).values()];
}

async function versionsOf(
  session: SqlSession,
  workspaceId: WorkspaceId,
  entries: readonly DoomedEntry[],
): Promise<DoomedVersion[]> {
  if (entries.length === 0) return [];
  const doomed = listTable(session.dialect, "$2", "doomed", { entry_id: "text" });
  const byEntry = lookUp(session.dialect, {
    table: "versions v",
    where: "v.workspace_id = $1 AND v.entry_id = doomed.entry_id",
  });
  return await session.all<DoomedVersion>(`SELECT v.entry_id, v.version_id, v.chunks FROM ${doomed} ${byEntry}`, [
    workspaceId,
    listParameter(entries.map(({ entry_id }) => ({ entry_id }))),
  ]);
}

/** Also counts their chunks down, and the workspace's use. */
export async function removeVersions(
  session: SqlSession,
  {
    request,
    workspace,
    versions,
  }: { request: PruneRequest; workspace: WorkspaceRow; versions: readonly DoomedVersion[] },
): Promise<void> {
  if (versions.length === 0) return;
  const { workspaceId, beforeMs } = request;
  const chunks = new ChunkCounts(session, workspaceId);
  const manifests = versions.map((version) => storedChunks(version.chunks));
  await chunks.load(manifests.flatMap((manifest) => manifest.map(({ hash }) => hash)));
  const freedBytes = manifests.reduce((sum, manifest) => sum + chunks.removeVersion(manifest), 0);
  await chunks.flush(beforeMs);
  await session.run(
    `DELETE FROM versions WHERE workspace_id = $1 AND ${inList(session.dialect, "$2", { entry_id: "text", version_id: "text" })}`,
    [workspaceId, listParameter(versions.map(({ entry_id, version_id }) => ({ entry_id, version_id })))],
  );
  const gone = listParameter(versions.map(({ version_id }) => ({ version_id })));
  for (const table of ["previews", "scans", "quarantined_chunks"])
    await session.run(
      `DELETE FROM ${table} WHERE workspace_id = $1 AND ${inList(session.dialect, "$2", { version_id: "text" })}`,
      [workspaceId, gone],
    );
  const usedBytes = workspace.used_bytes - freedBytes;
  await session.run("UPDATE workspaces SET used_bytes = $2 WHERE workspace_id = $1", [workspaceId, usedBytes]);
}

async function removeEntries(
  session: SqlSession,
  { request, workspace, entries }: { request: PruneRequest; workspace: WorkspaceRow; entries: readonly DoomedEntry[] },
): Promise<void> {
  if (entries.length === 0) return;
  await removePropertiesOf(
    session,
    request.workspaceId,
    entries.map(({ entry_id }) => entry_id),
  );
  for (const table of ["entries", "comments"])
    await session.run(
      `DELETE FROM ${table} WHERE workspace_id = $1 AND ${inList(session.dialect, "$2", { entry_id: "text" })}`,
      [request.workspaceId, listParameter(entries.map(({ entry_id }) => ({ entry_id })))],
    );
  const horizon = entries.reduce((highest, { sequence }) => Math.max(highest, sequence), workspace.feed_horizon);
  const sql = "UPDATE workspaces SET feed_horizon = $2 WHERE workspace_id = $1";
  await session.run(sql, [request.workspaceId, horizon]);
}

/** The journal reaches back as far as what it tells of can be brought back. */
async function pruneJournal(session: SqlSession, { workspaceId, beforeMs, limit }: PruneRequest): Promise<number> {
  return await session.run(
    `DELETE FROM journal WHERE workspace_id = $1 AND at_ms < $2 AND sequence IN (
       SELECT sequence FROM journal WHERE workspace_id = $1 ORDER BY sequence LIMIT $3
     )`,
    [workspaceId, beforeMs, limit],
  );
}
