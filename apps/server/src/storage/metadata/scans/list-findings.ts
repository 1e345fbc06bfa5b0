import { ProblemError, type AccountId, type EntryId, type VersionId, type WorkspaceId } from "@satchel/protocol";
import type { ScanStore } from "../scan-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface FindingRow {
  readonly workspace_id: WorkspaceId;
  readonly version_id: VersionId;
  readonly entry_id: EntryId;
  readonly finding: string;
  readonly found_at_ms: number;
  readonly allowed_at_ms: number | null;
  readonly owner_account_id: AccountId;
}

/** See ScanStore.list. */
export async function listFindings(
  session: SqlSession,
  { after, limit }: Parameters<ScanStore["list"]>[0],
): ReturnType<ScanStore["list"]> {
  const [beforeMs, beforeVersion] = readPlace(after);
  const rows = await session.all<FindingRow>(
    `SELECT s.workspace_id, s.version_id, s.entry_id, s.finding, s.found_at_ms, s.allowed_at_ms, w.owner_account_id
     FROM scans s JOIN workspaces w ON w.workspace_id = s.workspace_id
     WHERE s.finding IS NOT NULL AND (s.found_at_ms < $1 OR (s.found_at_ms = $1 AND s.version_id < $2))
     ORDER BY s.found_at_ms DESC, s.version_id DESC LIMIT $3`,
    [beforeMs, beforeVersion, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    versions: page.map((row) => ({
      workspaceId: row.workspace_id,
      entryId: row.entry_id,
      versionId: row.version_id,
      finding: row.finding,
      foundAtMs: row.found_at_ms,
      allowedAtMs: row.allowed_at_ms,
      ownerId: row.owner_account_id,
    })),
    next: rows.length > limit && last ? `${last.found_at_ms}.${last.version_id}` : null,
  };
}

/** @throws bad_cursor */
function readPlace(after: string | undefined): readonly [number, string] {
  if (after === undefined) return [Number.MAX_SAFE_INTEGER, ""];
  const [, atMs, version] = /^(\d{1,15})\.([\w.-]{1,80})$/.exec(after) ?? [];
  if (atMs === undefined || version === undefined) throw new ProblemError("bad_cursor");
  return [Number(atMs), version];
}
