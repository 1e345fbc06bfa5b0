import type { ColumnTypes } from "./column-types.ts";

/** How far stored chunks were read again to see whether they are whole, and which of them aren't. */
export function scrubbingSchema({ text, int, bytes, clustered }: ColumnTypes): string[] {
  return [
    `CREATE TABLE scrub_rounds (
      name ${text} NOT NULL PRIMARY KEY,
      began_at_ms ${int} NOT NULL,
      ended_at_ms ${int},
      workspace_id ${text},
      chunk_hash ${bytes}
    ) ${clustered}`,
    `CREATE TABLE damaged_chunks (
      workspace_id ${text} NOT NULL,
      chunk_hash ${bytes} NOT NULL,
      size ${int} NOT NULL,
      found_at_ms ${int} NOT NULL,
      looked_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, chunk_hash)
    ) ${clustered}`,
    "CREATE INDEX damaged_chunks_by_look ON damaged_chunks (looked_at_ms)",
  ];
}
