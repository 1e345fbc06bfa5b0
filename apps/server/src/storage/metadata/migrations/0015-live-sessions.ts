import type { ColumnTypes } from "./column-types.ts";

/** What is typed into files that are edited live, until it is in a version and a while longer. Both are sealed: the database alone doesn't say what was typed. */
export function liveSessionsSchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE live_sessions (
      workspace_id ${text} NOT NULL,
      entry_id ${text} NOT NULL,
      holder ${text} NOT NULL,
      ends_at_ms ${int} NOT NULL,
      touched_at_ms ${int} NOT NULL,
      sealed ${text},
      PRIMARY KEY (workspace_id, entry_id)
    )`,
    "CREATE INDEX live_sessions_touched ON live_sessions (touched_at_ms)",
    `CREATE TABLE live_updates (
      workspace_id ${text} NOT NULL,
      entry_id ${text} NOT NULL,
      nth ${int} NOT NULL,
      sealed ${text} NOT NULL,
      PRIMARY KEY (workspace_id, entry_id, nth)
    )`,
  ];
}
