import { recountRoom } from "../dav/properties-room.ts";
import { rootEntryId, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { storedChunks } from "../commit/load-batch.ts";
import { ChunkCounts } from "../commit/chunk-counts.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlDialect, SqlSession } from "../sql/sql-database.ts";
import { byParent, childrenOfListed, folderPages } from "./folders-below.ts";

/** What moves: a folder's contents, out of one workspace, into another that has nothing but its root. */
export interface SubtreeMove {
  readonly folderId: EntryId;
  readonly from: WorkspaceId;
  readonly to: WorkspaceId;
  /** The folder and all folders below it. */
  readonly folders: readonly EntryId[];
}

/** Versions whose chunks are counted at a time. */
const versionsPerPage = 2000;

/**
 * Moves everything below a folder, living and deleted, with versions and history, into another workspace, by statements about many rows each. An id keeps its own part and changes its workspace's (both are 16 characters), so a
 * device can follow. Sequences stay, so the other workspace must have the same head.
 */
export async function moveSubtree(session: SqlSession, move: SubtreeMove, nowMs: number): Promise<void> {
  const { from, to, folderId } = move;
  for (const kind of byParent) {
    const copy = copyEntries(session.dialect, kind);
    for (const page of folderPages(move.folders)) await session.run(copy, [from, page, to, folderId, rootEntryId(to)]);
  }
  await session.run(followOriginals, [to]);
  await session.run(copyVersions(session.dialect), [from, to]);
  await session.run(copyJournal, [from, to, folderId, rootEntryId(to)]);
  await moveChunkCounts(session, move, nowMs);
  for (const table of ["journal", "versions", "entries"])
    await session.run(`DELETE FROM ${table} WHERE workspace_id = $1 AND ${isMoved(`${table}.entry_id`)}`, [from, to]);
  await session.run(moveLinks, [from, to]);
  await session.run(moveDavProperties, [from, to]);
  for (const statement of [moveComments, movePreviews, moveScans, moveQuarantine])
    await session.run(statement, [from, to]);
  await session.run(dropUploads, [from, to]);
  for (const workspaceId of [from, to]) {
    await session.run(recountUse, [workspaceId]);
    await recountRoom(session, workspaceId);
  }
}

/** Of some folders. A mount among them is of a share that isn't mounted there any more. */
function copyEntries(dialect: SqlDialect, kind: (typeof byParent)[number]): string {
  return `INSERT INTO entries (workspace_id, entry_id, parent_id, name, type, version_id, version_hash, size, modified_ms, executable, link_target, conflict_of, conflict_base, sequence, deleted_at_ms, deleted_by)
    SELECT $3, $3 || substr(e.entry_id, 17), CASE WHEN e.parent_id = $4 THEN $5 ELSE $3 || substr(e.parent_id, 17) END,
      e.name, e.type, e.version_id, e.version_hash, e.size, e.modified_ms, e.executable, e.link_target,
      CASE WHEN e.conflict_of IS NOT NULL THEN $3 || substr(e.conflict_of, 17) END, e.conflict_base, e.sequence, e.deleted_at_ms, e.deleted_by
    FROM ${childrenOfListed(dialect, kind)}`;
}

/** A conflicted copy whose original stayed behind is an ordinary file. */
const followOriginals = `UPDATE entries SET conflict_of = NULL, conflict_base = NULL WHERE workspace_id = $1 AND conflict_of IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM entries o WHERE o.workspace_id = $1 AND o.entry_id = entries.conflict_of)`;

function copyVersions(dialect: SqlDialect): string {
  const versions = lookUp(dialect, {
    table: "versions v",
    where: "v.workspace_id = $1 AND v.entry_id = $1 || substr(moved.entry_id, 17)",
  });
  return `INSERT INTO versions (workspace_id, entry_id, version_id, sequence, version_hash, size, modified_ms, executable, link_target, chunks, base_version_id, merged_version_id, account_id, device_id, also_by, created_at_ms, superseded_at_ms)
    SELECT $2, moved.entry_id, v.version_id, v.sequence, v.version_hash, v.size, v.modified_ms, v.executable, v.link_target, v.chunks, v.base_version_id, v.merged_version_id, v.account_id, v.device_id, v.also_by, v.created_at_ms, v.superseded_at_ms
    FROM (SELECT entry_id FROM entries WHERE workspace_id = $2 AND version_id IS NOT NULL) AS moved ${versions}`;
}

const copyJournal = `INSERT INTO journal (workspace_id, sequence, entry_id, kind, state_before, state_after, account_id, device_id, also_by, at_ms)
  SELECT $2, j.sequence, $2 || substr(j.entry_id, 17), j.kind, ${rewriteState("j.state_before")}, ${rewriteState("j.state_after")}, j.account_id, j.device_id, j.also_by, j.at_ms
  FROM journal j WHERE j.workspace_id = $1 AND ${isMoved("j.entry_id")}`;

const moveLinks = `UPDATE share_links SET workspace_id = $2, entry_id = $2 || substr(entry_id, 17) WHERE workspace_id = $1 AND ${isMoved("share_links.entry_id")}`;

const moveDavProperties = `UPDATE dav_properties SET workspace_id = $2, entry_id = $2 || substr(entry_id, 17) WHERE workspace_id = $1 AND ${isMoved("dav_properties.entry_id")}`;

const moveComments = `UPDATE comments SET workspace_id = $2, entry_id = $2 || substr(entry_id, 17) WHERE workspace_id = $1 AND ${isMoved("comments.entry_id")}`;

/** Versions keep their ids, and their small pictures go where they go. */
const movePreviews = `UPDATE previews SET workspace_id = $2 WHERE workspace_id = $1
  AND version_id IN (SELECT v.version_id FROM versions v WHERE v.workspace_id = $2)`;

/** So does what was found in them. */
const moveScans = `UPDATE scans SET workspace_id = $2, entry_id = $2 || substr(entry_id, 17) WHERE workspace_id = $1
  AND version_id IN (SELECT v.version_id FROM versions v WHERE v.workspace_id = $2)`;
const moveQuarantine = `UPDATE quarantined_chunks SET workspace_id = $2 WHERE workspace_id = $1
  AND version_id IN (SELECT v.version_id FROM versions v WHERE v.workspace_id = $2)`;

const dropUploads = `DELETE FROM pending_uploads WHERE workspace_id = $1
  AND EXISTS (SELECT 1 FROM entries moved WHERE moved.workspace_id = $2 AND moved.entry_id = $2 || substr(pending_uploads.parent_id, 17))`;

const recountUse = `UPDATE workspaces SET used_bytes = COALESCE(
    (SELECT CAST(SUM(c.size) AS BIGINT) FROM workspace_chunks c WHERE c.workspace_id = $1 AND c.reference_count > 0), 0)
  WHERE workspace_id = $1`;

/** Whether an entry of `$1` has its counterpart in `$2` by now. */
function isMoved(entryId: string): string {
  return `EXISTS (SELECT 1 FROM entries moved WHERE moved.workspace_id = $2 AND moved.entry_id = $2 || substr(${entryId}, 17) AND moved.parent_id IS NOT NULL)`;
}

/** Ids in a journal's state follow. A name can't be mistaken for a member of the state: its quotes are escaped in JSON. */
function rewriteState(column: string): string {
  const inFolder = `REPLACE(${column}, '"parent_id":"' || $3 || '"', '"parent_id":"' || $4 || '"')`;
  const byMember = (state: string, member: string) =>
    `REPLACE(${state}, '"${member}":"' || $1 || '.', '"${member}":"' || $2 || '.')`;
  return byMember(byMember(inFolder, "parent_id"), "conflict_of");
}

interface CountedVersion {
  readonly entry_id: string;
  readonly version_id: string;
  readonly chunks: Uint8Array;
}

/** References go along with their versions; a chunk that both still refer to counts in both from now on. */
async function moveChunkCounts(session: SqlSession, { from, to }: SubtreeMove, nowMs: number): Promise<void> {
  let after = { entry_id: "", version_id: "" };
  for (;;) {
    const page = await session.all<CountedVersion>(
      `SELECT entry_id, version_id, chunks FROM versions WHERE workspace_id = $1 AND (entry_id > $2 OR (entry_id = $2 AND version_id > $3))
       ORDER BY entry_id, version_id LIMIT ${versionsPerPage}`,
      [to, after.entry_id, after.version_id],
    );
    const manifests = page.map(({ chunks }) => storedChunks(chunks));
    const [before, now] = [new ChunkCounts(session, from), new ChunkCounts(session, to)];
    await before.load(manifests.flatMap((chunks) => chunks.map(({ hash }) => hash)));
    for (const chunks of manifests) {
      before.removeVersion(chunks);
      now.addVersion(chunks);
    }
    await now.flush(nowMs);
    await before.flush(nowMs);
    const last = page.at(-1);
    if (!last || page.length < versionsPerPage) return;
    after = last;
  }
}
