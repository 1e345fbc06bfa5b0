import type { LeaseRequest, LeaseStore } from "../lease-store.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

export function leaseStore(database: SqlDatabase): LeaseStore {
  return {
    take: (request) => database.transaction((session) => take(session, request)),
    release: ({ name, holder }) =>
      database.transaction(
        async (session) =>
          void (await session.run("DELETE FROM leases WHERE name = $1 AND holder = $2", [name, holder])),
      ),
  };
}

async function take(session: SqlSession, { name, holder, nowMs, forMs }: LeaseRequest): Promise<boolean> {
  const taken = await session.run(
    `INSERT INTO leases (name, holder, ends_at_ms) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at_ms = excluded.ends_at_ms WHERE leases.holder = excluded.holder OR leases.ends_at_ms <= $4`,
    [name, holder, nowMs + forMs, nowMs],
  );
  return taken > 0;
}
