import type { ColumnTypes } from "./column-types.ts";

/** What people say about files. The first comment of a thread has the thread's id, and what it is about. Words are sealed: the database alone doesn't say what was said. */
export function commentsSchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE comments (
      workspace_id ${text} NOT NULL,
      entry_id ${text} NOT NULL,
      comment_id ${text} NOT NULL,
      thread_id ${text} NOT NULL,
      account_id ${text},
      sealed_text ${text},
      sealed_passage ${text},
      resolved_at_ms ${int},
      resolved_by ${text},
      at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, entry_id, comment_id)
    )`,
    "CREATE INDEX comments_by_author ON comments (account_id, comment_id) WHERE account_id IS NOT NULL",
    "CREATE INDEX comments_by_resolver ON comments (resolved_by) WHERE resolved_by IS NOT NULL",
  ];
}
