import { ProblemError } from "@satchel/protocol";
import { openPostgresDatabase } from "../../metadata/sql/postgres-database.ts";
import type { SqlDatabase } from "../../metadata/sql/sql-database.ts";
import type { SearchIndex } from "../search-index.ts";
import { openSqlSearchIndex } from "../sql/sql-search-index.ts";

/** Searches are short, and few at a time. */
const poolSize = 4;
/** SQLSTATE of a table that isn't there. */
const undefinedTable = "42P01";

/** The search index in PostgreSQL, beside the metadata but in tables of its own; takes no extension. @throws ProblemError unavailable */
export function openPostgresSearchIndex({
  url,
  key,
}: {
  readonly url: string;
  readonly key: Uint8Array;
}): Promise<SearchIndex> {
  // Whether a piece is rare or common decides how it is looked up, so each question gets a plan for its own pieces.
  return openSqlSearchIndex(tellingReplaced(openPostgresDatabase({ url, poolSize, plans: "fresh" })), key);
}

/** A server that runs on beside a newer version for long loses its tables. */
function tellingReplaced(database: SqlDatabase): SqlDatabase {
  const tell = (error: unknown): never => {
    if (!(error instanceof Error && "code" in error && error.code === undefinedTable)) throw error;
    throw new ProblemError("unavailable", "a newer version of the program keeps the search index");
  };
  return {
    ...database,
    read: (work) => database.read(work).catch(tell),
    transaction: (work) => database.transaction(work).catch(tell),
  };
}
