import { ProblemError, type EntryId, type VersionId } from "@satchel/protocol";
import type { ChangeSet } from "../commit/change-set.ts";
import { storedChunks } from "../commit/load-batch.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import type { VersionRow } from "../rows/version-row.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";

/** The most versions of all entries that go over together, */
export const maxTransferredVersions = 20_000;
/** and the most bytes that their chunk lists have: of about 50 GiB. */
const maxManifestBytes = 32 * 2 ** 20;
/** Entries whose versions are read at a time. */
const entriesPerPage = 200;

/**
 * Brings all versions of the entries along, as they were: with their authors and times; they are written with the entries. No bytes travel: the other workspace holds their chunks from now on. Answers which version is which there.
 * @throws limit_exceeded, content_quarantined
 */
export async function bringVersions(
  leaving: ChangeSet,
  coming: ChangeSet,
  entries: readonly EntryRow[],
  ids: ReadonlyMap<EntryId, EntryId>,
): Promise<ReadonlyMap<VersionId, VersionId>> {
  const versions = new Map<VersionId, VersionId>();
  const files = entries.filter((row) => row.version_id !== null).map((row) => row.entry_id);
  let left = { count: maxTransferredVersions, manifestBytes: maxManifestBytes };
  for (let at = 0; at < files.length; at += entriesPerPage) {
    const page = files.slice(at, at + entriesPerPage);
    const size = await measure(leaving, page);
    left = { count: left.count - size.count, manifestBytes: left.manifestBytes - size.manifestBytes };
    if (left.count < 0 || left.manifestBytes < 0)
      throw new ProblemError("limit_exceeded", "These have too many versions to go over at once: move fewer");
    await bringPage(leaving, coming, await readPage(leaving, page), { ids, versions });
  }
  return versions;
}

async function bringPage(
  { context: { session, workspaceId } }: ChangeSet,
  coming: ChangeSet,
  rows: readonly VersionRow[],
  { ids, versions }: { readonly ids: ReadonlyMap<EntryId, EntryId>; readonly versions: Map<VersionId, VersionId> },
): Promise<void> {
  await requireFree(session, workspaceId, rows);
  const chunks = rows.map((row) => storedChunks(row.chunks));
  await coming.chunks.grant(chunks.flat(), coming.context.nowMs);
  for (const [index, row] of rows.entries()) {
    const entry_id = ids.get(row.entry_id);
    if (entry_id === undefined) throw new Error(`entry ${row.entry_id} has no new id`);
    const parents = {
      base_version_id: (row.base_version_id && versions.get(row.base_version_id)) ?? null,
      merged_version_id: (row.merged_version_id && versions.get(row.merged_version_id)) ?? null,
    };
    versions.set(row.version_id, coming.bringVersion({ ...row, ...parents, entry_id }, chunks[index] ?? []));
  }
}

type Session = ChangeSet["context"]["session"];

/** What is held for malware stays where it is held. [WK40] */
async function requireFree(session: Session, workspaceId: string, rows: readonly VersionRow[]): Promise<void> {
  const wanted = listTable(session.dialect, "$2", "wanted", { version_id: "text" });
  const held = lookUp(session.dialect, {
    table: "quarantined_chunks q",
    where: "q.workspace_id = $1 AND q.version_id = wanted.version_id",
  });
  const [any] = await session.all(`SELECT q.version_id FROM ${wanted} ${held} LIMIT 1`, [
    workspaceId,
    listParameter(rows.map(({ version_id }) => ({ version_id }))),
  ]);
  if (any) throw new ProblemError("content_quarantined", "Malware was found in something of this");
}

function ofListed({ context: { session } }: ChangeSet): string {
  const wanted = listTable(session.dialect, "$2", "wanted", { entry_id: "text" });
  return `${wanted} ${lookUp(session.dialect, { table: "versions v", where: "v.workspace_id = $1 AND v.entry_id = wanted.entry_id" })}`;
}

async function measure(
  changes: ChangeSet,
  page: readonly EntryId[],
): Promise<{ count: number; manifestBytes: number }> {
  const { session, workspaceId } = changes.context;
  const [size] = await session.all<{ count: number; bytes: number | null }>(
    `SELECT CAST(COUNT(*) AS BIGINT) AS count, CAST(SUM(length(v.chunks)) AS BIGINT) AS bytes FROM ${ofListed(changes)}`,
    [workspaceId, listParameter(page.map((entry_id) => ({ entry_id })))],
  );
  return { count: size?.count ?? 0, manifestBytes: size?.bytes ?? 0 };
}

function readPage(changes: ChangeSet, page: readonly EntryId[]): Promise<VersionRow[]> {
  const { session, workspaceId } = changes.context;
  // Oldest first: what a version was made from is known by then.
  return session.all<VersionRow>(
    `SELECT v.entry_id, v.version_id, v.sequence, v.version_hash, v.size, v.modified_ms, v.executable, v.link_target, v.chunks, v.base_version_id, v.merged_version_id, v.account_id, v.device_id, v.also_by, v.created_at_ms, v.superseded_at_ms
     FROM ${ofListed(changes)} ORDER BY v.sequence`,
    [workspaceId, listParameter(page.map((entry_id) => ({ entry_id })))],
  );
}
