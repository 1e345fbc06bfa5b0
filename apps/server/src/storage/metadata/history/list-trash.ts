import { formatTimestamp, ProblemError, type TrashedEntry, type WorkspaceId } from "@satchel/protocol";
import { entryColumns, type EntryRow } from "../rows/entry-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { WorkingTree } from "../tree/working-tree.ts";

type TrashRow = EntryRow & { readonly deleted_at_ms: number; readonly deleter: string | null };

/** See HistoryStore.listTrash. */
export async function listTrash(
  session: SqlSession,
  query: { workspaceId: WorkspaceId; after: string | undefined; limit: number; retentionMs: number },
): Promise<{ entries: TrashedEntry[]; next: string | null }> {
  const { workspaceId, limit, retentionMs } = query;
  const { deletedAtMs, id } = parsePosition(query.after);
  const rows = await session.all<TrashRow>(
    `SELECT ${entryColumns("e")}, a.name AS deleter FROM entries e LEFT JOIN accounts a ON a.account_id = e.deleted_by
     WHERE e.workspace_id = $1 AND e.deleted_at_ms IS NOT NULL AND e.mounts IS NULL AND (e.deleted_at_ms < $2 OR (e.deleted_at_ms = $2 AND e.entry_id < $3))
     ORDER BY e.deleted_at_ms DESC, e.entry_id DESC LIMIT $4`,
    [workspaceId, deletedAtMs, id, limit + 1],
  );
  const page = rows.slice(0, limit);
  const tree = new WorkingTree(session, workspaceId);
  await tree.load(page.map((row) => row.entry_id));
  const last = page.at(-1);
  return {
    entries: page.map((row) => ({
      file_id: row.entry_id,
      path: tree.pathOf(row),
      type: row.type,
      size: row.size,
      deleted: formatTimestamp(row.deleted_at_ms),
      expires: formatTimestamp(row.deleted_at_ms + retentionMs),
      deleted_by: row.deleter ?? "",
      latest_version: row.version_id,
    })),
    next: rows.length > limit && last ? `${last.deleted_at_ms}.${last.entry_id}` : null,
  };
}

function parsePosition(after: string | undefined): { deletedAtMs: number; id: string } {
  if (after === undefined) return { deletedAtMs: Number.MAX_SAFE_INTEGER, id: "" };
  const [, deletedAtMs, id] = /^([0-9]{1,15})\.(.{1,64})$/.exec(after) ?? [];
  if (deletedAtMs === undefined || id === undefined) throw new ProblemError("bad_cursor");
  return { deletedAtMs: Number(deletedAtMs), id };
}
