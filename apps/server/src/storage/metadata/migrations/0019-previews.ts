import type { ColumnTypes } from "./column-types.ts";

/** Small pictures of versions, each the chunk that holds it. One without a chunk can't be made. */
export function previewsSchema({ text, int, bytes, clustered }: ColumnTypes): string[] {
  return [
    `CREATE TABLE previews (
      workspace_id ${text} NOT NULL,
      version_id ${text} NOT NULL,
      size ${int} NOT NULL,
      chunk_hash ${bytes},
      PRIMARY KEY (workspace_id, version_id, size)
    ) ${clustered}`,
    `CREATE INDEX previews_by_chunk ON previews (chunk_hash) WHERE chunk_hash IS NOT NULL`,
  ];
}
