import { openPostgresDatabase } from "../../metadata/sql/postgres-database.ts";
import type { SearchIndex } from "../search-index.ts";
import { openSqlSearchIndex } from "../sql/sql-search-index.ts";

/** Searches are short, and few at a time. */
const poolSize = 4;

/** The search index in PostgreSQL, beside the metadata but in tables of its own; takes no extension. @throws ProblemError unavailable */
export function openPostgresSearchIndex({ url }: { readonly url: string }): Promise<SearchIndex> {
  // Whether a piece is rare or common decides how it is looked up, so each question gets a plan for its own pieces.
  return openSqlSearchIndex(openPostgresDatabase({ url, poolSize, plans: "fresh" }));
}
