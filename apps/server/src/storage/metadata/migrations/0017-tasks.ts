import type { ColumnTypes } from "./column-types.ts";

/** Work that waits for a process with the role `worker`, and up to where each feed was looked through for it. A task without `due_at_ms` was given up; one with `run` is in somebody's hands until `due_at_ms`. */
export function tasksSchema({ text, int, clustered }: ColumnTypes): string[] {
  return [
    `CREATE TABLE tasks (
      workspace_id ${text} NOT NULL,
      kind ${text} NOT NULL,
      task_key ${text} NOT NULL,
      priority ${int} NOT NULL,
      attempts ${int} NOT NULL,
      revision ${int} NOT NULL,
      added_at_ms ${int} NOT NULL,
      due_at_ms ${int},
      run ${text},
      error ${text},
      progress_done ${int},
      progress_total ${int},
      PRIMARY KEY (workspace_id, kind, task_key)
    )`,
    `CREATE INDEX tasks_due ON tasks (kind, priority, due_at_ms) WHERE due_at_ms IS NOT NULL`,
    `CREATE INDEX tasks_given_up ON tasks (kind, added_at_ms) WHERE due_at_ms IS NULL`,
    `CREATE TABLE task_feeds (
      workspace_id ${text} NOT NULL,
      kind ${text} NOT NULL,
      sequence ${int} NOT NULL,
      epoch ${text} NOT NULL,
      listing_head ${int},
      made_at_ms ${int},
      PRIMARY KEY (workspace_id, kind)
    ) ${clustered}`,
  ];
}
