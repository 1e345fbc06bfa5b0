import type { WorkspaceId } from "@satchel/protocol";
import { hashOfBytes } from "../rows/chunk-hash.ts";
import type { DamagedChunk, ScrubStore } from "../scrub-store.ts";
import { defineInsert, type SqlDatabase, type SqlSession } from "../sql/sql-database.ts";

/** There is one round. */
const roundName = "chunks";

const insertDamaged = defineInsert(
  "damaged_chunks",
  { workspace_id: "text", chunk_hash: "bytes", size: "int", found_at_ms: "int", looked_at_ms: "int" },
  "ON CONFLICT (workspace_id, chunk_hash) DO NOTHING",
);

interface RoundRow {
  readonly began_at_ms: number;
  readonly ended_at_ms: number | null;
  readonly workspace_id: WorkspaceId | null;
  readonly chunk_hash: Uint8Array | null;
}

/** See ScrubStore. */
export function scrubStore(database: SqlDatabase): ScrubStore {
  return {
    findRound: () =>
      database.read(async (session) => {
        const sql = "SELECT began_at_ms, ended_at_ms, workspace_id, chunk_hash FROM scrub_rounds WHERE name = $1";
        const [row] = await session.all<RoundRow>(sql, [roundName]);
        return row && roundOf(row);
      }),
    saveRound: ({ beganAtMs, endedAtMs, workspaceId, after }) =>
      database.transaction(
        async (session) =>
          void (await session.run(
            `INSERT INTO scrub_rounds (name, began_at_ms, ended_at_ms, workspace_id, chunk_hash) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (name) DO UPDATE SET began_at_ms = excluded.began_at_ms, ended_at_ms = excluded.ended_at_ms, workspace_id = excluded.workspace_id, chunk_hash = excluded.chunk_hash`,
            [roundName, beganAtMs, endedAtMs, workspaceId, after === null ? null : Uint8Array.fromHex(after)],
          )),
      ),
    addDamaged: (chunks, nowMs) =>
      database.transaction((session) =>
        session.insert(
          insertDamaged,
          // As if nobody had looked yet: what is new has its turn first.
          chunks.map(({ workspaceId, hash, sizeBytes }) => [
            workspaceId,
            Uint8Array.fromHex(hash),
            sizeBytes,
            nowMs,
            0,
          ]),
        ),
      ),
    takeDamaged: (query) => database.transaction((session) => takeDamaged(session, query)),
    removeDamaged: (chunks) =>
      database.transaction(async (session) => {
        const sql = "DELETE FROM damaged_chunks WHERE workspace_id = $1 AND chunk_hash = $2";
        for (const { workspaceId, hash } of chunks) await session.run(sql, [workspaceId, Uint8Array.fromHex(hash)]);
      }),
    countDamaged: () =>
      database.read(async (session) => {
        const sql = "SELECT COUNT(*) AS damaged FROM damaged_chunks";
        return (await session.all<{ readonly damaged: number }>(sql))[0]?.damaged ?? 0;
      }),
  };
}

function roundOf({ began_at_ms, ended_at_ms, workspace_id, chunk_hash }: RoundRow) {
  return {
    beganAtMs: began_at_ms,
    endedAtMs: ended_at_ms,
    workspaceId: workspace_id,
    after: chunk_hash && hashOfBytes(chunk_hash),
  };
}

interface DamagedRow {
  readonly workspace_id: WorkspaceId;
  readonly chunk_hash: Uint8Array;
  readonly size: number;
}

async function takeDamaged(
  session: SqlSession,
  { limit, nowMs }: Parameters<ScrubStore["takeDamaged"]>[0],
): Promise<DamagedChunk[]> {
  await session.run(
    `DELETE FROM damaged_chunks WHERE NOT EXISTS (
       SELECT 1 FROM workspace_chunks c WHERE c.workspace_id = damaged_chunks.workspace_id AND c.chunk_hash = damaged_chunks.chunk_hash)`,
  );
  const rows = await session.all<DamagedRow>(
    "SELECT workspace_id, chunk_hash, size FROM damaged_chunks ORDER BY looked_at_ms, workspace_id, chunk_hash LIMIT $1",
    [limit],
  );
  const look = "UPDATE damaged_chunks SET looked_at_ms = $3 WHERE workspace_id = $1 AND chunk_hash = $2";
  for (const { workspace_id, chunk_hash } of rows) await session.run(look, [workspace_id, chunk_hash, nowMs]);
  return rows.map(({ workspace_id, chunk_hash, size }) => ({
    workspaceId: workspace_id,
    hash: hashOfBytes(chunk_hash),
    sizeBytes: size,
  }));
}
