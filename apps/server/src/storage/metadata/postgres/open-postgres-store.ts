import type { RandomBytes } from "../commit/change-set.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { migrate } from "../migrations/migrate.ts";
import { requireArrived } from "../promotion/arrival-mark.ts";
import { openPostgresDatabase, type PostgresOptions } from "../sql/postgres-database.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";

/**
 * The metadata store on PostgreSQL (15 or newer), its schema brought up to date. With `mayBeArriving` also one that another server's data is still moving into.
 * @throws DatabaseNewerError, DatabaseInUseError; ProblemError unavailable
 */
export async function openPostgresMetadataStore(
  options: PostgresOptions & { readonly randomBytes: RandomBytes; readonly mayBeArriving?: boolean },
): Promise<MetadataStore> {
  const database = openPostgresDatabase(options);
  try {
    await migrate(database);
    if (!options.mayBeArriving) await requireArrived(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return createSqlMetadataStore({ database, randomBytes: options.randomBytes });
}
