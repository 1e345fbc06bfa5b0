import { openSqliteDatabase, type SqliteOptions } from "../../metadata/sql/sqlite-database.ts";
import type { SearchIndex } from "../search-index.ts";
import { openSqlSearchIndex } from "../sql/sql-search-index.ts";

/** The search index on SQLite in this very thread, which it blocks while it works: for tests, and inside the thread that is its own. `:memory:` is a path too. */
export function openInThreadSearchIndex({
  key,
  ...options
}: SqliteOptions & { readonly key: Uint8Array }): Promise<SearchIndex> {
  return openSqlSearchIndex(openSqliteDatabase(options), key);
}
