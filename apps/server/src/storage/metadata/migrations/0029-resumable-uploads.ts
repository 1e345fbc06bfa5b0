import type { ColumnTypes } from "./column-types.ts";

/** Uploads whose program says beforehand what the file is (JSON, see features/resumable), and is told for a while that it is there. */
export function resumableUploads({ text, int }: ColumnTypes): string[] {
  return [
    `ALTER TABLE dav_uploads ADD COLUMN about ${text}`,
    `ALTER TABLE dav_uploads ADD COLUMN is_done ${int} NOT NULL DEFAULT 0`,
  ];
}
