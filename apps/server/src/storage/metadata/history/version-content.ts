import type { EntryId, VersionId } from "@satchel/protocol";
import type { ChangeSet } from "../commit/change-set.ts";
import type { VersionContent } from "../commit/content.ts";
import { storedChunks } from "../commit/load-batch.ts";
import type { VersionRow } from "../rows/version-row.ts";
import { lookUp } from "../sql/look-up.ts";
import { listParameter, listTable } from "../sql/list-table.ts";

type ContentRow = Pick<
  VersionRow,
  "version_id" | "version_hash" | "size" | "modified_ms" | "executable" | "link_target" | "chunks"
>;

/** Old versions with their manifests; those that are gone are missing. */
export async function readVersions(
  { context }: ChangeSet,
  versions: readonly { readonly id: EntryId; readonly versionId: VersionId }[],
): Promise<Map<VersionId, ContentRow>> {
  if (versions.length === 0) return new Map();
  const { session, workspaceId } = context;
  const wanted = listTable(session.dialect, "$2", "wanted", { entry_id: "text", version_id: "text" });
  const byId = lookUp(session.dialect, {
    table: "versions v",
    where: "v.workspace_id = $1 AND v.entry_id = wanted.entry_id AND v.version_id = wanted.version_id",
  });
  const rows = await session.all<ContentRow>(
    `SELECT v.version_id, v.version_hash, v.size, v.modified_ms, v.executable, v.link_target, v.chunks FROM ${wanted} ${byId}`,
    [workspaceId, listParameter(versions.map(({ id, versionId }) => ({ entry_id: id, version_id: versionId })))],
  );
  return new Map(rows.map((row) => [row.version_id, row]));
}

/** The content of an old version, to be made the newest one. Its chunks are referred to already, so it needs no room. */
export function contentOfVersion(row: ContentRow): VersionContent {
  return {
    versionHash: row.version_hash,
    sizeBytes: row.size,
    modifiedMs: row.modified_ms,
    executable: row.executable === 1,
    linkTarget: row.link_target,
    packedChunks: row.chunks,
    distinctChunks: storedChunks(row.chunks),
  };
}
