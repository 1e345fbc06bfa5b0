import {
  formatTimestamp,
  ProblemError,
  workspaceOfEntry,
  type AccountId,
  type DeviceId,
  type EntryId,
  type VersionHash,
  type VersionId,
  type VersionState,
} from "@satchel/protocol";
import { findAlsoBy } from "../rows/also-by.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** A version with the names of its author and device, as {@link listedVersionColumns} read it. */
export interface ListedVersionRow {
  readonly entry_id: EntryId;
  readonly version_id: VersionId;
  readonly sequence: number;
  readonly version_hash: VersionHash;
  readonly size: number;
  readonly modified_ms: number;
  readonly executable: number;
  readonly base_version_id: VersionId | null;
  readonly merged_version_id: VersionId | null;
  readonly created_at_ms: number;
  readonly account_id: AccountId;
  readonly device_id: DeviceId | null;
  readonly also_by: string | null;
  readonly author: string | null;
  readonly device: string | null;
}

/** Of `versions v`, its account `a` and its device `d`. */
export const listedVersionColumns = `v.entry_id, v.version_id, v.sequence, v.version_hash, v.size, v.modified_ms, v.executable, v.base_version_id, v.merged_version_id, v.created_at_ms, v.account_id, v.device_id, v.also_by, a.name AS author, d.name AS device`;

/** See HistoryStore.listVersions. */
export async function listVersions(
  session: SqlSession,
  { id, after, limit }: { id: EntryId; after: string | undefined; limit: number },
): Promise<{ versions: VersionState[]; next: string | null }> {
  const workspaceId = workspaceOfEntry(id);
  const entrySql = "SELECT 1 AS one FROM entries WHERE workspace_id = $1 AND entry_id = $2";
  const [entry] = await session.all(entrySql, [workspaceId, id]);
  if (!entry) throw new ProblemError("not_found", "There is no such entry");
  const rows = await session.all<ListedVersionRow>(
    `SELECT ${listedVersionColumns}
     FROM versions v LEFT JOIN accounts a ON a.account_id = v.account_id LEFT JOIN devices d ON d.device_id = v.device_id
     WHERE v.workspace_id = $1 AND v.entry_id = $2 AND v.sequence < $3 ORDER BY v.sequence DESC LIMIT $4`,
    [workspaceId, id, parsePosition(after), limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const alsoBy = await findAlsoBy(session, page);
  return {
    versions: page.map((row) => toVersionState(row, alsoBy(row))),
    next: rows.length > limit && last ? String(last.sequence) : null,
  };
}

function parsePosition(after: string | undefined): number {
  if (after === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^[0-9]{1,15}$/.test(after)) throw new ProblemError("bad_cursor");
  return Number(after);
}

/** As the API tells it; `alsoBy`: names of who else made it. */
export function toVersionState(row: ListedVersionRow, alsoBy: readonly string[]): VersionState {
  return {
    version: row.version_id,
    size: row.size,
    modified: formatTimestamp(row.modified_ms),
    created: formatTimestamp(row.created_at_ms),
    version_hash: row.version_hash,
    executable: row.executable === 1,
    parents: [row.base_version_id, row.merged_version_id].filter((id) => id !== null),
    author: row.author ?? "",
    author_id: row.account_id,
    ...(alsoBy.length > 0 && { also_by: [...alsoBy] }),
    device: row.device,
    device_id: row.device_id,
  };
}
