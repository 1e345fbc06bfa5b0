import type { PreviewStore } from "../preview-store.ts";
import { hashOfBytes } from "../rows/chunk-hash.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

/** See PreviewStore. */
export function previewStore(database: SqlDatabase): PreviewStore {
  return {
    find: ({ workspaceId, versionId }, size) =>
      database.read(async (session) => {
        const [row] = await session.all<{ readonly chunk_hash: Uint8Array | null }>(
          "SELECT chunk_hash FROM previews WHERE workspace_id = $1 AND version_id = $2 AND size = $3",
          [workspaceId, versionId, size],
        );
        return row && { chunk: row.chunk_hash && hashOfBytes(row.chunk_hash) };
      }),
    put: (version, pictures) => database.transaction((session) => put(session, version, pictures)),
  };
}

/** Under the workspace's lock, so that no picture comes behind the removal of its version. */
async function put(session: SqlSession, ...[version, pictures]: Parameters<PreviewStore["put"]>): Promise<void> {
  const { workspaceId, entryId, versionId } = version;
  await lockWorkspace(session, workspaceId);
  const [isThere] = await session.all(
    "SELECT 1 AS one FROM versions WHERE workspace_id = $1 AND entry_id = $2 AND version_id = $3",
    [workspaceId, entryId, versionId],
  );
  if (!isThere) return;
  for (const { size, chunk } of pictures)
    await session.run(
      `INSERT INTO previews (workspace_id, version_id, size, chunk_hash) VALUES ($1, $2, $3, $4)
       ON CONFLICT (workspace_id, version_id, size) DO UPDATE SET chunk_hash = excluded.chunk_hash`,
      [workspaceId, versionId, size, chunk === null ? null : Uint8Array.fromHex(chunk)],
    );
}
