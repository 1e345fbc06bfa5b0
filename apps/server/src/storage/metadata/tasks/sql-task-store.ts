import type { WorkspaceId } from "@satchel/protocol";
import { defineInsert, type SqlDatabase, type SqlSession } from "../sql/sql-database.ts";
import { taskPriority, type NewTask, type TakenTask, type TaskPriority, type TaskStore } from "../task-store.ts";
import { feedTasks, findFeedPosition } from "./feed-tasks.ts";
import { countTasks, listTasks, nextDueMs } from "./list-tasks.ts";
import { finish, prolong, putOff, release } from "./taken-tasks.ts";

/** See TaskStore. */
export function taskStore(database: SqlDatabase): TaskStore {
  return {
    add: (tasks, bounds) => database.transaction((session) => addTasks(session, tasks, bounds)),
    take: (request) => database.transaction((session) => take(session, request)),
    prolong: (task, change) => database.transaction((session) => prolong(session, task, change)),
    finish: (task, nowMs) => database.transaction((session) => finish(session, task, nowMs)),
    putOff: (task, change) => database.transaction((session) => putOff(session, task, change)),
    release: (task, nowMs) => database.transaction((session) => release(session, task, nowMs)),
    nextDueMs: (kinds) => database.read((session) => nextDueMs(session, kinds)),
    list: (limit) => database.read((session) => listTasks(session, limit)),
    counts: () => database.read(countTasks),
    retry: ({ kind, nowMs }) =>
      database.transaction((session) =>
        session.run(
          `UPDATE tasks SET due_at_ms = $2, attempts = 0 WHERE due_at_ms IS NULL AND ($1 = '' OR kind = $1)`,
          [kind ?? "", nowMs],
        ),
      ),
    findPosition: (place) => database.read((session) => findFeedPosition(session, place)),
    feed: (page, bounds) => database.transaction((session) => feedTasks(session, page, { ...bounds, add: addTasks })),
  };
}

const insertTasks = defineInsert(
  "tasks",
  {
    workspace_id: "text",
    kind: "text",
    task_key: "text",
    priority: "int",
    attempts: "int",
    revision: "int",
    added_at_ms: "int",
    due_at_ms: "int",
  },
  `ON CONFLICT (workspace_id, kind, task_key) DO UPDATE SET
     revision = tasks.revision + 1,
     priority = CASE WHEN excluded.priority < tasks.priority THEN excluded.priority ELSE tasks.priority END,
     attempts = CASE WHEN tasks.run IS NULL THEN 0 ELSE tasks.attempts END,
     due_at_ms = CASE WHEN tasks.run IS NULL THEN excluded.due_at_ms ELSE tasks.due_at_ms END`,
);

async function addTasks(
  session: SqlSession,
  tasks: readonly NewTask[],
  { nowMs, maxWaiting }: { readonly nowMs: number; readonly maxWaiting: number },
): Promise<boolean> {
  for (const kind of new Set(tasks.map((task) => task.kind))) if (await isFull(session, kind, maxWaiting)) return false;
  const unique = new Map(tasks.map((task) => [`${task.workspaceId} ${task.kind} ${task.key}`, task]));
  const rows = [...unique.values()].map(
    ({ workspaceId, kind, key, priority }) => [workspaceId, kind, key, priority, 0, 0, nowMs, nowMs] as const,
  );
  await session.insert(insertTasks, rows);
  return true;
}

/** Counts no further than it has to. */
async function isFull(session: SqlSession, kind: string, maxWaiting: number): Promise<boolean> {
  const [row] = await session.all<{ readonly waiting: number }>(
    "SELECT COUNT(*) AS waiting FROM (SELECT 1 AS one FROM tasks WHERE kind = $1 AND due_at_ms IS NOT NULL LIMIT $2) AS counted",
    [kind, maxWaiting],
  );
  return (row?.waiting ?? 0) >= maxWaiting;
}

interface TakenRow {
  readonly workspace_id: WorkspaceId;
  readonly task_key: string;
  readonly attempts: number;
  readonly revision: number;
}

/** Of two who take at once each gets another one: who comes second passes over what the first is taking. */
async function take(
  session: SqlSession,
  { kind, run, nowMs, leaseMs }: Parameters<TaskStore["take"]>[0],
): Promise<TakenTask | undefined> {
  const passOver = session.dialect === "postgres" ? "FOR UPDATE SKIP LOCKED" : "";
  const sql = `UPDATE tasks SET due_at_ms = $4, run = $5, attempts = attempts + 1, progress_done = NULL, progress_total = NULL
     WHERE (workspace_id, kind, task_key) = (
       SELECT workspace_id, kind, task_key FROM tasks WHERE kind = $1 AND priority = $2 AND due_at_ms <= $3
       ORDER BY due_at_ms LIMIT 1 ${passOver})
     RETURNING workspace_id, task_key, attempts, revision`;
  // One look for each priority goes straight to the index's first row; what isn't due yet is never passed over one by one.
  for (const priority of Object.values<TaskPriority>(taskPriority)) {
    const [row] = await session.all<TakenRow>(sql, [kind, priority, nowMs, nowMs + leaseMs, run]);
    if (!row) continue;
    const { workspace_id: workspaceId, task_key: key, attempts, revision } = row;
    return { workspaceId, kind, key, attempts, revision, run };
  }
  return undefined;
}
