import type { WorkspaceId } from "@satchel/protocol";
import type { SqlSession } from "../sql/sql-database.ts";
import type { StoredTask, TaskCounts, TaskPriority } from "../task-store.ts";

interface TaskRow {
  readonly workspace_id: WorkspaceId;
  readonly kind: string;
  readonly task_key: string;
  readonly priority: TaskPriority;
  readonly attempts: number;
  readonly added_at_ms: number;
  readonly due_at_ms: number | null;
  readonly run: string | null;
  readonly error: string | null;
  readonly progress_done: number | null;
  readonly progress_total: number | null;
}

/** See TaskStore. */
export async function listTasks(session: SqlSession, limit: number): Promise<StoredTask[]> {
  const select = `SELECT workspace_id, kind, task_key, priority, attempts, added_at_ms, due_at_ms, run, error, progress_done, progress_total FROM tasks`;
  const order = "ORDER BY added_at_ms DESC, workspace_id, kind, task_key LIMIT $1";
  const givenUp = await session.all<TaskRow>(`${select} WHERE due_at_ms IS NULL ${order}`, [limit]);
  const others = await session.all<TaskRow>(`${select} WHERE due_at_ms IS NOT NULL ${order}`, [limit - givenUp.length]);
  return [...givenUp, ...others].map(toTask);
}

/** See TaskStore. */
export async function countTasks(session: SqlSession): Promise<TaskCounts[]> {
  const rows = await session.all<{
    readonly kind: string;
    readonly kept: number;
    readonly wanted: number;
    readonly running: number;
  }>(
    "SELECT kind, COUNT(*) AS kept, COUNT(due_at_ms) AS wanted, COUNT(run) AS running FROM tasks GROUP BY kind ORDER BY kind",
  );
  return rows.map(({ kind, kept, wanted, running }) => ({
    kind,
    waiting: wanted - running,
    running,
    givenUp: kept - wanted,
  }));
}

/** See TaskStore. */
export async function nextDueMs(session: SqlSession, kinds: readonly string[]): Promise<number | undefined> {
  let first: number | undefined;
  for (const kind of kinds) {
    const [row] = await session.all<{ readonly due_at_ms: number | null }>(
      "SELECT MIN(due_at_ms) AS due_at_ms FROM tasks WHERE kind = $1 AND due_at_ms IS NOT NULL",
      [kind],
    );
    const dueMs = row?.due_at_ms ?? undefined;
    if (dueMs !== undefined && (first === undefined || dueMs < first)) first = dueMs;
  }
  return first;
}

function toTask(row: TaskRow): StoredTask {
  const { progress_done: done, progress_total: total } = row;
  return {
    workspaceId: row.workspace_id,
    kind: row.kind,
    key: row.task_key,
    priority: row.priority,
    attempts: row.attempts,
    addedAtMs: row.added_at_ms,
    dueAtMs: row.due_at_ms,
    isTaken: row.run !== null,
    error: row.error,
    progress: done === null || total === null ? null : { done, total },
  };
}
