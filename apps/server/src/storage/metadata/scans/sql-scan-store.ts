import type { ChunkHash, VersionId, WorkspaceId } from "@satchel/protocol";
import type { HeldVersion, ScanStore } from "../scan-store.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import { allow } from "./allow.ts";
import { listFindings } from "./list-findings.ts";
import { recordScan } from "./record-scan.ts";

/** See ScanStore. */
export function scanStore(database: SqlDatabase): ScanStore {
  return {
    signaturesOf: ({ workspaceId, versionId }) =>
      database.read(async (session) => {
        const sql =
          "SELECT signatures FROM scans WHERE workspace_id = $1 AND version_id = $2 AND (finding IS NULL OR told_at_ms IS NOT NULL OR allowed_at_ms IS NOT NULL)";
        const [row] = await session.all<{ readonly signatures: string }>(sql, [workspaceId, versionId]);
        return row?.signatures;
      }),
    record: (...parameters) => database.transaction((session) => recordScan(session, ...parameters)),
    markTold: ({ workspaceId, versionId }, nowMs) =>
      database.transaction(async (session) => {
        const sql =
          "UPDATE scans SET told_at_ms = $3 WHERE workspace_id = $1 AND version_id = $2 AND finding IS NOT NULL";
        await session.run(sql, [workspaceId, versionId, nowMs]);
      }),
    holdsAny: (workspaceId) =>
      database.read(async (session) => {
        // Each held version has some chunk there, and no other version has.
        const sql = "SELECT 1 AS one FROM quarantined_chunks WHERE workspace_id = $1 LIMIT 1";
        return (await session.all(sql, [workspaceId])).length > 0;
      }),
    findHeld: (workspaceId, versionIds) => database.read((session) => findHeld(session, workspaceId, versionIds)),
    findBlocked: (workspaceId, hashes) => database.read((session) => findBlocked(session, workspaceId, hashes)),
    list: (query) => database.read((session) => listFindings(session, query)),
    findFinding: (versionId) => database.read((session) => findFinding(session, versionId)),
    countHeld: () =>
      database.read(async (session) => {
        const sql =
          "SELECT CAST(COUNT(*) AS BIGINT) AS held FROM (SELECT DISTINCT workspace_id, version_id FROM quarantined_chunks) AS versions";
        return (await session.all<{ readonly held: number }>(sql))[0]?.held ?? 0;
      }),
    allow: (...parameters) => database.transaction((session) => allow(session, ...parameters)),
    beginRound: (round) => database.transaction((session) => beginRound(session, round)),
  };
}

async function findHeld(
  session: SqlSession,
  ...[workspaceId, versionIds]: Parameters<ScanStore["findHeld"]>
): Promise<HeldVersion[]> {
  const asked = listTable(session.dialect, "$2", "asked", { version_id: "text" });
  const scanned = lookUp(session.dialect, {
    table: "scans s",
    where:
      "s.workspace_id = $1 AND s.version_id = asked.version_id AND s.finding IS NOT NULL AND s.allowed_at_ms IS NULL",
  });
  const rows = await session.all<{ readonly version_id: VersionId; readonly finding: string }>(
    `SELECT s.version_id, s.finding FROM ${asked} ${scanned}`,
    [workspaceId, listParameter(versionIds.map((version_id) => ({ version_id })))],
  );
  return rows.map((row) => ({ versionId: row.version_id, finding: row.finding }));
}

async function findFinding(session: SqlSession, versionId: VersionId): ReturnType<ScanStore["findFinding"]> {
  const [row] = await session.all<{ readonly workspace_id: WorkspaceId }>(
    "SELECT workspace_id FROM scans WHERE version_id = $1 AND finding IS NOT NULL LIMIT 1",
    [versionId],
  );
  return row && { workspaceId: row.workspace_id, versionId };
}

async function findBlocked(
  session: SqlSession,
  ...[workspaceId, hashes]: Parameters<ScanStore["findBlocked"]>
): Promise<ChunkHash[]> {
  const unique = [...new Set(hashes)];
  const asked = listTable(session.dialect, "$2", "asked", { hash: "bytes", place: "int" });
  const found = lookUp(session.dialect, {
    table: "quarantined_chunks q",
    where: "q.workspace_id = $1 AND q.chunk_hash = asked.hash AND q.blocked = 1",
  });
  const rows = await session.all<{ readonly place: number }>(`SELECT DISTINCT asked.place FROM ${asked} ${found}`, [
    workspaceId,
    listParameter(unique.map((hash, place) => ({ hash, place }))),
  ]);
  return rows.flatMap(({ place }) => unique[place] ?? []);
}

async function beginRound(
  session: SqlSession,
  { kind, roundFeed, signatures, againAfterMs, nowMs }: Parameters<ScanStore["beginRound"]>[0],
): Promise<boolean> {
  const begun = await session.run(
    `INSERT INTO scan_rounds (kind, signatures, began_at_ms) VALUES ($1, $2, $3)
     ON CONFLICT (kind) DO UPDATE SET signatures = excluded.signatures, began_at_ms = excluded.began_at_ms
     WHERE scan_rounds.signatures <> excluded.signatures AND scan_rounds.began_at_ms <= $4`,
    [kind, signatures, nowMs, nowMs - againAfterMs],
  );
  // An epoch that no feed has: it is listed from its beginning. What was never looked through is being listed anyway.
  if (begun > 0)
    await session.run(
      `INSERT INTO task_feeds (workspace_id, kind, sequence, epoch)
       SELECT workspace_id, CAST($2 AS TEXT), 0, '' FROM task_feeds WHERE kind = $1
       ON CONFLICT (workspace_id, kind) DO UPDATE SET sequence = 0, epoch = '', listing_head = NULL, made_at_ms = NULL`,
      [kind, roundFeed],
    );
  return begun > 0;
}
