import type { WorkspaceId } from "@satchel/protocol";
import type { SqlSession } from "../sql/sql-database.ts";
import type { FedPage, FeedOutcome, NewTask } from "../task-store.ts";
import type { FeedPosition } from "../tree-store.ts";

interface PositionRow {
  readonly sequence: number;
  readonly epoch: string;
  readonly listing_head: number | null;
  readonly made_at_ms: number | null;
}

interface Bounds {
  readonly nowMs: number;
  readonly maxWaiting: number;
}

/** See TaskStore.findPosition. */
export async function findFeedPosition(
  session: SqlSession,
  { workspaceId, feed }: { readonly workspaceId: WorkspaceId; readonly feed: string },
): Promise<FeedPosition | undefined> {
  const [row] = await session.all<PositionRow>(
    "SELECT sequence, epoch, listing_head, made_at_ms FROM task_feeds WHERE workspace_id = $1 AND kind = $2",
    [workspaceId, feed],
  );
  if (!row) return undefined;
  const { sequence, epoch, listing_head: listingHead, made_at_ms: madeAtMs } = row;
  return { sequence, epoch, ...(listingHead !== null && { listingHead }), ...(madeAtMs !== null && { madeAtMs }) };
}

/** See TaskStore.feed. */
export async function feedTasks(
  session: SqlSession,
  page: FedPage,
  {
    add,
    ...bounds
  }: Bounds & {
    readonly add: (session: SqlSession, tasks: readonly NewTask[], bounds: Bounds) => Promise<boolean>;
  },
): Promise<FeedOutcome> {
  const { workspaceId, kind, feed, keys, priority } = page;
  // What is being erased takes no more in: the lock makes this wait for the erasure's last step, or that for this.
  const lock = session.dialect === "postgres" ? "FOR KEY SHARE" : "";
  const [workspace] = await session.all(`SELECT 1 AS one FROM workspaces WHERE workspace_id = $1 ${lock}`, [
    workspaceId,
  ]);
  if (!workspace) return "gone";
  const tasks = keys.map((key) => ({ workspaceId, kind, key, priority }));
  const before = await findFeedPosition(session, { workspaceId, feed });
  if (before?.sequence !== page.before?.sequence || before?.epoch !== page.before?.epoch) return "moved";
  if (tasks.length > 0 && !(await add(session, tasks, bounds))) return "full";
  await movePosition(session, page);
  return "fed";
}

/** Two who come from one place at once both bring the same: what is added twice is one task. */
async function movePosition(session: SqlSession, { workspaceId, feed, after }: FedPage): Promise<void> {
  await session.run(
    `INSERT INTO task_feeds (workspace_id, kind, sequence, epoch, listing_head, made_at_ms) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (workspace_id, kind) DO UPDATE SET sequence = excluded.sequence, epoch = excluded.epoch, listing_head = excluded.listing_head, made_at_ms = excluded.made_at_ms`,
    [workspaceId, feed, after.sequence, after.epoch, after.listingHead ?? null, after.madeAtMs ?? null],
  );
}
