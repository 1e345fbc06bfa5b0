import type { ColumnTypes } from "./column-types.ts";

/** Which version of its original a conflicted copy was made from. Not known of copies from before this. */
export function conflictBases({ text }: ColumnTypes): string[] {
  return [`ALTER TABLE entries ADD COLUMN conflict_base ${text}`];
}
