import type { RandomBytes } from "../commit/change-set.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { migrate } from "../migrations/migrate.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import { openSqliteDatabase, type SqliteOptions } from "../sql/sqlite-database.ts";

/**
 * The metadata store on SQLite in this very thread, which it blocks while it works: for tests and for the simulator, whose every step it keeps reproducible. `:memory:` is a path too.
 * @throws DatabaseNewerError
 */
export async function openInThreadMetadataStore(
  options: SqliteOptions & { readonly randomBytes: RandomBytes },
): Promise<MetadataStore> {
  const database = openSqliteDatabase(options);
  try {
    if (!options.readOnly) await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return createSqlMetadataStore({ database, randomBytes: options.randomBytes });
}
