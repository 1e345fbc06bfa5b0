import { ProblemError, type ChunkHash, type WorkspaceId } from "@satchel/protocol";
import type { ChunkSize } from "../ledger-store.ts";
import { inList, listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";

/** A grace that was renewed this recently is not written again; {@link releaseMarginMs} makes up for it. */
const renewalIntervalMs = 10 * 60 * 1000;

/** How much longer than asked an unreferenced chunk is kept, so that every promise is held in full. */
export const releaseMarginMs = renewalIntervalMs;

const grantChunk = defineInsert(
  "workspace_chunks",
  { workspace_id: "text", chunk_hash: "bytes", size: "int", reference_count: "int", touched_at_ms: "int" },
  `ON CONFLICT (workspace_id, chunk_hash) DO UPDATE SET touched_at_ms = excluded.touched_at_ms WHERE workspace_chunks.touched_at_ms < excluded.touched_at_ms`,
);

/** See LedgerStore.grant. */
export async function grant(
  session: SqlSession,
  workspaceId: WorkspaceId,
  chunks: readonly ChunkSize[],
  nowMs: number,
): Promise<void> {
  // In the order of their hashes, so that two grants of the same chunks wait for each other instead of deadlocking.
  const distinct = [...new Map(chunks.map((chunk) => [chunk.hash, chunk.sizeBytes]))].toSorted(byHash);
  const rows = distinct.map(([hash, size]) => [workspaceId, Uint8Array.fromHex(hash), size, 0, nowMs]);
  await session.insert(grantChunk, rows);
}

/** See LedgerStore.sizesOfHeld. */
export async function sizesOfHeld(
  session: SqlSession,
  workspaceId: WorkspaceId,
  hashes: readonly ChunkHash[],
  nowMs: number,
): Promise<(number | undefined)[]> {
  const { dialect } = session;
  const wanted = listTable(dialect, "$2", "wanted", { hash: "bytes", place: "int" });
  // The lock keeps a release from taking what is told here to be present.
  const held = lookUp(dialect, {
    table: "workspace_chunks c",
    where: "c.workspace_id = $1 AND c.chunk_hash = wanted.hash",
    lock: true,
  });
  const rows = await session.all<{ place: number; size: number; touched_at_ms: number }>(
    `SELECT wanted.place, c.size, c.touched_at_ms FROM ${wanted} ${held}`,
    [workspaceId, listParameter(hashes.map((hash, place) => ({ hash, place })))],
  );
  const stale = rows.filter((row) => row.touched_at_ms < nowMs - renewalIntervalMs);
  await renew(
    session,
    workspaceId,
    stale.map(({ place }) => hashes[place]).filter((hash) => hash !== undefined),
    nowMs,
  );
  const sizes: (number | undefined)[] = hashes.map(() => undefined);
  for (const { place, size } of rows) sizes[place] = size;
  return sizes;
}

async function renew(
  session: SqlSession,
  workspaceId: WorkspaceId,
  hashes: readonly ChunkHash[],
  nowMs: number,
): Promise<void> {
  if (hashes.length === 0) return;
  await session.run(
    `UPDATE workspace_chunks SET touched_at_ms = $3 WHERE workspace_id = $1 AND touched_at_ms < $3 AND ${inList(session.dialect, "$2", { chunk_hash: "bytes" })}`,
    [workspaceId, listParameter(hashes.map((hash) => ({ chunk_hash: hash }))), nowMs],
  );
}

/** See LedgerStore.usage. */
export async function usage(
  session: SqlSession,
  workspaceId: WorkspaceId,
): Promise<{ usedBytes: number; quotaBytes: number | null }> {
  const [row] = await session.all<{ used_bytes: number; quota_bytes: number | null }>(
    "SELECT used_bytes, quota_bytes FROM workspaces WHERE workspace_id = $1",
    [workspaceId],
  );
  if (!row) throw new ProblemError("not_found", "There is no such workspace");
  return { usedBytes: row.used_bytes, quotaBytes: row.quota_bytes };
}

function byHash([one]: [ChunkHash, number], [other]: [ChunkHash, number]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
