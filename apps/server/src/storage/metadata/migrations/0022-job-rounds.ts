import type { ColumnTypes } from "./column-types.ts";

/** The last round of each job, for people who look. One without `ended_at_ms` goes on, or its process died. */
export function jobRoundsSchema({ text, int, clustered }: ColumnTypes): string[] {
  return [
    `CREATE TABLE job_rounds (
      name ${text} NOT NULL PRIMARY KEY,
      began_at_ms ${int} NOT NULL,
      ended_at_ms ${int},
      error ${text},
      due_at_ms ${int}
    ) ${clustered}`,
  ];
}
