import type { SqlSession } from "../sql/sql-database.ts";
import type { TakenTask, TaskStore } from "../task-store.ts";

/** Somebody else's, or gone, is left alone by all of these. */
const isOwn = "workspace_id = $1 AND kind = $2 AND task_key = $3 AND run = $4";

function ownTask({ workspaceId, kind, key, run }: TakenTask): readonly string[] {
  return [workspaceId, kind, key, run];
}

/** See TaskStore. */
export async function prolong(
  session: SqlSession,
  task: TakenTask,
  { untilMs, progress }: Parameters<TaskStore["prolong"]>[1],
): Promise<boolean> {
  const changed = await session.run(
    `UPDATE tasks SET due_at_ms = $5, progress_done = $6, progress_total = $7 WHERE ${isOwn}`,
    [...ownTask(task), untilMs, progress?.done ?? null, progress?.total ?? null],
  );
  return changed > 0;
}

/** See TaskStore. */
export async function finish(session: SqlSession, task: TakenTask, nowMs: number): Promise<void> {
  await session.run(`DELETE FROM tasks WHERE ${isOwn} AND revision = $5`, [...ownTask(task), task.revision]);
  await session.run(`UPDATE tasks SET run = NULL, due_at_ms = $5, attempts = 0, error = NULL WHERE ${isOwn}`, [
    ...ownTask(task),
    nowMs,
  ]);
}

/** See TaskStore. */
export async function putOff(
  session: SqlSession,
  task: TakenTask,
  { dueAtMs, error, nowMs }: Parameters<TaskStore["putOff"]>[1],
): Promise<void> {
  await session.run(
    `UPDATE tasks SET run = NULL, error = $5, due_at_ms = CASE WHEN revision = $6 THEN CAST($7 AS BIGINT) ELSE CAST($8 AS BIGINT) END,
       attempts = CASE WHEN revision = $6 THEN attempts ELSE 0 END WHERE ${isOwn}`,
    [...ownTask(task), error, task.revision, dueAtMs, nowMs],
  );
}

/** See TaskStore. */
export async function release(session: SqlSession, task: TakenTask, nowMs: number): Promise<void> {
  await session.run(`UPDATE tasks SET run = NULL, due_at_ms = $5, attempts = attempts - 1 WHERE ${isOwn}`, [
    ...ownTask(task),
    nowMs,
  ]);
}
