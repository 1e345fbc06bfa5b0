import { packedChunkBytes } from "@satchel/chunking";
import { maxInlineManifestChunks, type EntryId, type VersionId, type WorkspaceId } from "@satchel/protocol";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** The longest packed manifest that travels inside an entry's state, in bytes. */
export const maxInlineManifestBytes = maxInlineManifestChunks * packedChunkBytes;

/** Packed manifests by version; those of versions that are gone are missing. With `maxBytes`, longer ones are left out. */
export async function readManifests(
  session: SqlSession,
  workspaceId: WorkspaceId,
  versions: readonly { readonly id: EntryId; readonly versionId: VersionId }[],
  maxBytes?: number,
): Promise<Map<VersionId, Uint8Array>> {
  if (versions.length === 0) return new Map();
  const wanted = listTable(session.dialect, "$2", "wanted", { entry_id: "text", version_id: "text" });
  const byId = lookUp(session.dialect, {
    table: "versions v",
    where: "v.workspace_id = $1 AND v.entry_id = wanted.entry_id AND v.version_id = wanted.version_id",
  });
  const bound = maxBytes === undefined ? "" : `WHERE length(v.chunks) <= ${maxBytes}`;
  const rows = await session.all<{ version_id: VersionId; chunks: Uint8Array }>(
    `SELECT v.version_id, v.chunks FROM ${wanted} ${byId} ${bound}`,
    [workspaceId, listParameter(versions.map(({ id, versionId }) => ({ entry_id: id, version_id: versionId })))],
  );
  return new Map(rows.map((row) => [row.version_id, row.chunks]));
}
