import type { ColumnTypes } from "./column-types.ts";

/** Files that programs send in numbered parts: each part is chunks that the workspace holds already, and the file is one manifest after the other. */
export function uploadsInPartsSchema({ text, int, bytes }: ColumnTypes): string[] {
  return [
    `CREATE TABLE dav_uploads (
      workspace_id ${text} NOT NULL,
      upload_id ${text} NOT NULL,
      ends_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, upload_id)
    )`,
    "CREATE INDEX dav_uploads_end ON dav_uploads (ends_at_ms)",
    `CREATE TABLE dav_upload_parts (
      workspace_id ${text} NOT NULL,
      upload_id ${text} NOT NULL,
      name ${text} NOT NULL,
      size ${int} NOT NULL,
      chunks ${bytes} NOT NULL,
      PRIMARY KEY (workspace_id, upload_id, name)
    )`,
  ];
}
