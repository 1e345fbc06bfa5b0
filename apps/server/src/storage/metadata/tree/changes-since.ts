import { ProblemError, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { entryColumns, toEntryState, type EntryRow } from "../rows/entry-row.ts";
import { maxInlineManifestBytes } from "../rows/read-manifests.ts";
import { headPosition, readWorkspace, type WorkspaceRow } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { FeedPage, FeedPosition } from "../tree-store.ts";
import { WorkingTree } from "./working-tree.ts";

type FeedRow = EntryRow & { readonly chunks: Uint8Array | null };

/** See TreeStore.changesSince: a range read over the entries by the sequence of their last change. */
export async function changesSince(
  session: SqlSession,
  query: { workspaceId: WorkspaceId; after: FeedPosition | undefined; limit: number },
): Promise<FeedPage> {
  const { workspaceId, after, limit } = query;
  const workspace = await readWorkspace(session, workspaceId);
  checkPosition(workspace, after);
  await checkTimeLine(session, { workspaceId, workspace, after });
  const from = after?.sequence ?? 0;
  // Who has listed an empty workspace is at 0 too, and has since learnt of entries by its own commits: it must hear of their tombstones.
  const listingHead = after === undefined ? workspace.head : (after.listingHead ?? 0);
  const rows = await readRows(session, { workspaceId, from, limit: limit + 1, listingHead });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  const sequence = hasMore ? last.sequence : workspace.head;
  const told = await withoutBuried(session, workspaceId, page, listingHead);
  return {
    changes: told.map((row) => toEntryState(row, row.chunks)),
    position: hasMore
      ? { sequence, epoch: workspace.epoch, ...(sequence < listingHead ? { listingHead } : {}) }
      : headPosition(workspace),
    hasMore,
  };
}

function checkPosition(workspace: WorkspaceRow, after: FeedPosition | undefined): void {
  if (!after) return;
  if (after.epoch !== workspace.epoch) throw new ProblemError("cursor_expired", "The cursor is of another time line");
  if (after.sequence > workspace.head) throw new ProblemError("cursor_ahead");
  if (Math.max(after.sequence, after.listingHead ?? 0) < workspace.feed_horizon)
    throw new ProblemError("cursor_expired");
}

/**
 * A server that was restored from a backup goes on with numbers that it had given before, and may have come further since than whoever returns: then the change of their number is another one than they were told of, and
 * what they know of the changes before it may be as well. Of a change that is no longer in the journal nothing can be told. @throws cursor_ahead
 */
async function checkTimeLine(
  session: SqlSession,
  asked: { workspaceId: WorkspaceId; workspace: WorkspaceRow; after: FeedPosition | undefined },
): Promise<void> {
  const { workspaceId, workspace, after } = asked;
  if (after?.madeAtMs === undefined) return;
  const made =
    after.sequence === workspace.head ? workspace.head_at_ms : await timeOfChange(session, workspaceId, after.sequence);
  if (made !== null && made !== after.madeAtMs) throw new ProblemError("cursor_ahead");
}

async function timeOfChange(session: SqlSession, workspaceId: WorkspaceId, sequence: number): Promise<number | null> {
  const [row] = await session.all<{ at_ms: number }>(
    "SELECT at_ms FROM journal WHERE workspace_id = $1 AND sequence = $2",
    [workspaceId, sequence],
  );
  return row?.at_ms ?? null;
}

/** Tombstones up to `listingHead` stand for what the listener was never told. */
async function readRows(
  session: SqlSession,
  range: { workspaceId: WorkspaceId; from: number; limit: number; listingHead: number },
): Promise<FeedRow[]> {
  return await session.all<FeedRow>(
    `SELECT ${entryColumns("e")}, CASE WHEN length(v.chunks) <= ${maxInlineManifestBytes} AND e.type = 'file' THEN v.chunks END AS chunks
     FROM entries e
     LEFT JOIN versions v ON v.workspace_id = e.workspace_id AND v.entry_id = e.entry_id AND v.version_id = e.version_id
     WHERE e.workspace_id = $1 AND e.sequence > $2 AND (e.deleted_at_ms IS NULL OR e.sequence > $4)
     ORDER BY e.sequence LIMIT $3`,
    [range.workspaceId, range.from, range.limit, range.listingHead],
  );
}

/** Without what lies in a deleted folder, as long as the listener has never been told of that folder. */
async function withoutBuried(
  session: SqlSession,
  workspaceId: WorkspaceId,
  page: readonly FeedRow[],
  listingHead: number,
): Promise<readonly FeedRow[]> {
  const listed = page.filter((row) => row.sequence <= listingHead);
  if (listed.length === 0) return page;
  const tree = new WorkingTree(session, workspaceId);
  await tree.load(listed.flatMap((row) => row.parent_id ?? []));
  const isBuried = (parentId: EntryId) => tree.findAlive(parentId) === undefined;
  const buried = new Set([...new Set(listed.flatMap((row) => row.parent_id ?? []))].filter(isBuried));
  return page.filter((row) => row.sequence > listingHead || row.parent_id === null || !buried.has(row.parent_id));
}
