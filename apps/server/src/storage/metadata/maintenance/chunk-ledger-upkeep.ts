import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { releaseMarginMs } from "../ledger/ledger.ts";
import { hashOfBytes } from "../rows/chunk-hash.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/**
 * See MaintenanceStore.releaseChunks. The conditions stand on the deleted rows themselves: PostgreSQL looks at them again when it had to wait for a grant, a promise or a commit, and then leaves the row.
 */
export async function releaseChunks(
  session: SqlSession,
  { workspaceId, beforeMs, limit }: { workspaceId: WorkspaceId; beforeMs: number; limit: number },
): Promise<number> {
  return await session.run(
    `DELETE FROM workspace_chunks WHERE workspace_id = $1 AND reference_count = 0 AND touched_at_ms < $2 AND chunk_hash IN (
       SELECT c.chunk_hash FROM workspace_chunks c WHERE c.workspace_id = $1 AND c.reference_count = 0 AND c.touched_at_ms < $2
       ORDER BY c.touched_at_ms, c.chunk_hash LIMIT $3
     )`,
    [workspaceId, beforeMs - releaseMarginMs, limit],
  );
}

/** See MaintenanceStore.findUnheld. */
export async function findUnheld(session: SqlSession, hashes: readonly ChunkHash[]): Promise<ChunkHash[]> {
  const asked = listTable(session.dialect, "$1", "asked", { hash: "bytes", place: "int" });
  const rows = await session.all<{ place: number }>(
    `SELECT asked.place FROM ${asked} WHERE NOT EXISTS (SELECT 1 FROM workspace_chunks c WHERE c.chunk_hash = asked.hash)
       AND NOT EXISTS (SELECT 1 FROM previews p WHERE p.chunk_hash = asked.hash) ORDER BY asked.place`,
    [listParameter(hashes.map((hash, place) => ({ hash, place })))],
  );
  return rows.map(({ place }) => hashes[place]).filter((hash) => hash !== undefined);
}

/** See MaintenanceStore.listHeldChunks. */
export async function listHeldChunks(
  session: SqlSession,
  { workspaceId, after, limit }: { workspaceId: WorkspaceId; after: ChunkHash | undefined; limit: number },
): Promise<{ hash: ChunkHash; sizeBytes: number; references: number }[]> {
  const rows = await session.all<{ chunk_hash: Uint8Array; size: number; reference_count: number }>(
    `SELECT chunk_hash, size, reference_count FROM workspace_chunks WHERE workspace_id = $1 AND chunk_hash > $2 ORDER BY chunk_hash LIMIT $3`,
    [workspaceId, Uint8Array.fromHex(after ?? ""), limit],
  );
  return rows.map((row) => ({
    hash: hashOfBytes(row.chunk_hash),
    sizeBytes: row.size,
    references: row.reference_count,
  }));
}
