import type { ColumnTypes } from "./column-types.ts";

/** The second parent of a version that is a merge. None has one before this. */
export function mergedVersions({ text }: ColumnTypes): string[] {
  return [`ALTER TABLE versions ADD COLUMN merged_version_id ${text}`];
}
