import { openPostgresDatabase } from "../sql/postgres-database.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import type { ReplicaStore } from "../replica/replica-reads.ts";

/** A read that takes longer on the replica is asked of the primary. */
const statementTimeoutMs = 5000;
const connectTimeoutMs = 2000;

/** A PostgreSQL that repeats another one, to read from. Connects when it is first asked: a server starts without it. */
export function openPostgresReplica(options: { readonly url: string; readonly poolSize?: number }): ReplicaStore {
  const database = openPostgresDatabase({ ...options, statementTimeoutMs, connectTimeoutMs });
  const nothingIsMade = (): never => {
    throw new Error("a replica is only read from");
  };
  return createSqlMetadataStore({ database, randomBytes: nothingIsMade });
}
