import type { JobRound, JobRoundStore } from "../job-round-store.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";

interface RoundRow {
  readonly name: string;
  readonly began_at_ms: number;
  readonly ended_at_ms: number | null;
  readonly error: string | null;
  readonly due_at_ms: number | null;
}

export function jobRoundStore(database: SqlDatabase): JobRoundStore {
  return {
    begin: ({ name, beganAtMs }) =>
      database.transaction(
        async (session) =>
          void (await session.run(
            `INSERT INTO job_rounds (name, began_at_ms) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET began_at_ms = excluded.began_at_ms, ended_at_ms = NULL, error = NULL, due_at_ms = NULL`,
            [name, beganAtMs],
          )),
      ),
    end: ({ name, beganAtMs, endedAtMs, error, dueAtMs }) =>
      database.transaction(
        async (session) =>
          void (await session.run(
            "UPDATE job_rounds SET ended_at_ms = $1, error = $2, due_at_ms = $3 WHERE name = $4 AND began_at_ms = $5",
            [endedAtMs, error, dueAtMs, name, beganAtMs],
          )),
      ),
    list: () =>
      database.read(async (session) =>
        (
          await session.all<RoundRow>(
            "SELECT name, began_at_ms, ended_at_ms, error, due_at_ms FROM job_rounds ORDER BY name",
          )
        ).map(roundOf),
      ),
  };
}

function roundOf({ name, began_at_ms, ended_at_ms, error, due_at_ms }: RoundRow): JobRound {
  return { name, beganAtMs: began_at_ms, endedAtMs: ended_at_ms, error, dueAtMs: due_at_ms };
}
