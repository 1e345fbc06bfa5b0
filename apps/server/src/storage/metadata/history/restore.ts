import { ProblemError, workspaceOfEntry, type VersionId } from "@satchel/protocol";
import { attachManifests } from "../commit/attach-manifests.ts";
import { ChangeSet, type RandomBytes } from "../commit/change-set.ts";
import { findAnswer, keepAnswer } from "../commit/idempotency.ts";
import { maxToldChanges, type RestoreCommand, type RestoreOutcome } from "../history-store.ts";
import { entryColumns, toEntryState, type EntryRow } from "../rows/entry-row.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { EntryChange } from "../tree-store.ts";
import { WorkingTree } from "../tree/working-tree.ts";
import { restoreInstant } from "./restore-instant.ts";
import { undelete } from "./undelete.ts";
import { contentOfVersion, readVersions } from "./version-content.ts";

/** See HistoryStore.restore. */
export async function restore(
  session: SqlSession,
  request: RestoreCommand,
  randomBytes: RandomBytes,
): Promise<RestoreOutcome> {
  const { id, author, nowMs } = request;
  const workspaceId = workspaceOfEntry(id);
  const workspace = await lockWorkspace(session, workspaceId);
  const repeatable = { workspaceId, author, idempotency: request.idempotency, nowMs };
  const answer = await findAnswer<Omit<RestoreOutcome, "changes">>(session, repeatable);
  if (answer) return { ...answer, changes: [] };

  const changes = new ChangeSet({ session, workspaceId, workspace, author, nowMs, randomBytes });
  await changes.tree.load([id]);
  const row = changes.tree.find(id);
  // A mount is no content: whoever is a member mounts the folder again. [SH12]
  if (!row || (row.mounts !== null && row.deleted_at_ms !== null))
    throw new ProblemError("not_found", "There is no such entry");
  if (request.versionId !== undefined) await restoreVersion(changes, row, request.versionId);
  else if (request.atMs !== undefined) await restoreInstant(changes, row, request.atMs);
  else await undelete(changes, row);
  await changes.finish();
  const told = await tellChanges(changes);
  const path = changes.tree.pathOf(changes.tree.find(id) ?? row);
  const outcome = { path, before: changes.before, after: changes.after, restored: told.restored };
  await keepAnswer(session, repeatable, outcome);
  return { ...outcome, changes: told.changes };
}

async function restoreVersion(changes: ChangeSet, row: EntryRow, versionId: VersionId): Promise<void> {
  const versions = await readVersions(changes, [{ id: row.entry_id, versionId }]);
  const version = versions.get(versionId);
  if (!version) throw new ProblemError("not_found", "There is no such version");
  await undelete(changes, row);
  const living = changes.tree.find(row.entry_id) ?? row;
  if (living.version_id !== versionId) changes.change(living, "restored", contentOfVersion(version));
}

/** What the transaction changed, read back: most of it may have been woken by a statement and never been in memory. */
async function tellChanges(changes: ChangeSet): Promise<{ changes: EntryChange[]; restored: number }> {
  const { session, workspaceId } = changes.context;
  const rows = await session.all<EntryRow>(
    `SELECT ${entryColumns("e")} FROM entries e WHERE e.workspace_id = $1 AND e.sequence > $2 ORDER BY e.sequence LIMIT $3`,
    [workspaceId, changes.before.sequence, maxToldChanges],
  );
  const [count] = await session.all<{ restored: number }>(
    "SELECT count(*) AS restored FROM entries WHERE workspace_id = $1 AND sequence > $2",
    [workspaceId, changes.before.sequence],
  );
  const tree = new WorkingTree(session, workspaceId);
  await tree.load(rows.map((row) => row.entry_id));
  const told = rows.map((row) => ({ row, state: toEntryState(row) }));
  await attachManifests(changes, told);
  return {
    changes: told.map(({ row, state }) => ({
      kind: changes.changed.get(row.entry_id)?.kind ?? "restored",
      entry: state,
      path: tree.pathOf(row),
    })),
    restored: count?.restored ?? 0,
  };
}
