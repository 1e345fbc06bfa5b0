import type { ColumnTypes } from "./column-types.ts";

/** What scanners said of versions, and what is kept from everybody for that. */
export function scansSchema({ text, int, bytes, clustered }: ColumnTypes): string[] {
  return [
    `CREATE TABLE scans (
      workspace_id ${text} NOT NULL,
      version_id ${text} NOT NULL,
      entry_id ${text} NOT NULL,
      version_hash ${text} NOT NULL,
      signatures ${text} NOT NULL,
      finding ${text},
      found_at_ms ${int},
      allowed_at_ms ${int},
      PRIMARY KEY (workspace_id, version_id)
    ) ${clustered}`,
    `CREATE INDEX scans_by_finding ON scans (found_at_ms, version_id) WHERE finding IS NOT NULL`,
    `CREATE INDEX scans_by_content ON scans (workspace_id, version_hash) WHERE finding IS NOT NULL`,
    `CREATE TABLE quarantined_chunks (
      workspace_id ${text} NOT NULL,
      version_id ${text} NOT NULL,
      chunk_hash ${bytes} NOT NULL,
      blocked ${int} NOT NULL,
      PRIMARY KEY (workspace_id, version_id, chunk_hash)
    ) ${clustered}`,
    `CREATE INDEX quarantined_chunks_by_hash ON quarantined_chunks (workspace_id, chunk_hash)`,
    `CREATE TABLE scan_rounds (
      kind ${text} NOT NULL PRIMARY KEY,
      signatures ${text} NOT NULL,
      began_at_ms ${int} NOT NULL
    ) ${clustered}`,
  ];
}
