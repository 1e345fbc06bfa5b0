import type { ChunkHash } from "@satchel/protocol";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { ScanRecord, ScanStore } from "../scan-store.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";

const insertChunks = defineInsert(
  "quarantined_chunks",
  { workspace_id: "text", version_id: "text", chunk_hash: "bytes", blocked: "int" },
  "ON CONFLICT (workspace_id, version_id, chunk_hash) DO NOTHING",
);

/** See ScanStore.record. Under the workspace's lock, so that nothing comes behind the removal of its version. */
export async function recordScan(
  session: SqlSession,
  ...[version, outcome, nowMs]: Parameters<ScanStore["record"]>
): Promise<ScanRecord> {
  const { workspaceId, entryId, versionId } = version;
  const { owner_account_id: ownerId } = await lockWorkspace(session, workspaceId);
  const [isThere] = await session.all(
    "SELECT 1 AS one FROM versions WHERE workspace_id = $1 AND entry_id = $2 AND version_id = $3",
    [workspaceId, entryId, versionId],
  );
  if (!isThere) return { outcome: "gone", ownerId };
  const before = await earlierFinding(session, version, outcome.versionHash);
  const { finding } = outcome;
  const foundAtMs = finding === null ? null : (before?.found_at_ms ?? nowMs);
  const allowedAtMs = finding === null ? null : (before?.allowed_at_ms ?? null);
  // What is let out is told to nobody.
  const toldAtMs = finding === null ? null : ((before?.is_this === 1 ? before.told_at_ms : null) ?? allowedAtMs);
  await session.run(
    `INSERT INTO scans (workspace_id, version_id, entry_id, version_hash, signatures, finding, found_at_ms, allowed_at_ms, told_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (workspace_id, version_id) DO UPDATE SET signatures = excluded.signatures, finding = excluded.finding, found_at_ms = excluded.found_at_ms, allowed_at_ms = excluded.allowed_at_ms, told_at_ms = excluded.told_at_ms`,
    [
      workspaceId,
      versionId,
      entryId,
      outcome.versionHash,
      outcome.signatures,
      finding,
      foundAtMs,
      allowedAtMs,
      toldAtMs,
    ],
  );
  if (finding === null) {
    await free(session, version, outcome.chunks);
    return { outcome: "clean", ownerId };
  }
  if (allowedAtMs !== null) return { outcome: "known", ownerId };
  await hold(session, version, outcome.chunks);
  return { outcome: toldAtMs === null ? "held" : "known", ownerId };
}

interface EarlierRow {
  readonly found_at_ms: number;
  readonly allowed_at_ms: number | null;
  readonly told_at_ms: number | null;
  readonly is_this: number;
}

/** Of this version, else of one with the same content that was let out. */
async function earlierFinding(
  session: SqlSession,
  ...[{ workspaceId, versionId }, versionHash]: [Parameters<ScanStore["record"]>[0], string]
): Promise<EarlierRow | undefined> {
  const [row] = await session.all<EarlierRow>(
    `SELECT found_at_ms, allowed_at_ms, told_at_ms, CASE WHEN version_id = $2 THEN 1 ELSE 0 END AS is_this FROM scans
     WHERE workspace_id = $1 AND version_hash = $3 AND finding IS NOT NULL AND (version_id = $2 OR allowed_at_ms IS NOT NULL)
     ORDER BY is_this DESC LIMIT 1`,
    [workspaceId, versionId, versionHash],
  );
  return row;
}

type Version = Parameters<ScanStore["record"]>[0];

/** Nothing was found by now: what was kept of this version is free, and so is whatever else it holds. */
async function free(
  session: SqlSession,
  { workspaceId, versionId }: Version,
  chunks: readonly ChunkHash[],
): Promise<void> {
  const [any] = await session.all("SELECT 1 AS one FROM quarantined_chunks WHERE workspace_id = $1 LIMIT 1", [
    workspaceId,
  ]);
  if (!any) return;
  await session.run("DELETE FROM quarantined_chunks WHERE workspace_id = $1 AND version_id = $2", [
    workspaceId,
    versionId,
  ]);
  await setBlocked(session, workspaceId, { hashes: chunks, blocked: 0 });
}

/** Blocks those of the version's chunks that no version needs in which nothing was found: each version counts one reference. */
async function hold(
  session: SqlSession,
  { workspaceId, versionId }: Version,
  chunks: readonly ChunkHash[],
): Promise<void> {
  const rows = chunks.map((hash) => [workspaceId, versionId, Uint8Array.fromHex(hash), 0] as const);
  await session.insert(insertChunks, rows);
  const asked = listTable(session.dialect, "$2", "asked", { hash: "bytes", place: "int" });
  const held = lookUp(session.dialect, {
    table: "workspace_chunks c",
    where: "c.workspace_id = $1 AND c.chunk_hash = asked.hash",
  });
  const quarantined = lookUp(session.dialect, {
    table: "quarantined_chunks q",
    where: "q.workspace_id = $1 AND q.chunk_hash = asked.hash",
  });
  const sole = await session.all<{ readonly place: number }>(
    `SELECT asked.place FROM ${asked} ${held} ${quarantined} GROUP BY asked.place, c.reference_count HAVING COUNT(*) >= c.reference_count`,
    [workspaceId, listParameter(chunks.map((hash, place) => ({ hash, place })))],
  );
  await setBlocked(session, workspaceId, { hashes: sole.flatMap(({ place }) => chunks[place] ?? []), blocked: 1 });
}

async function setBlocked(
  session: SqlSession,
  workspaceId: Version["workspaceId"],
  { hashes, blocked }: { readonly hashes: readonly ChunkHash[]; readonly blocked: 0 | 1 },
): Promise<void> {
  if (hashes.length === 0) return;
  const asked = listTable(session.dialect, "$2", "asked", { hash: "bytes" });
  await session.run(
    `UPDATE quarantined_chunks SET blocked = $3 WHERE workspace_id = $1 AND chunk_hash IN (SELECT asked.hash FROM ${asked})`,
    [workspaceId, listParameter(hashes.map((hash) => ({ hash }))), blocked],
  );
}
