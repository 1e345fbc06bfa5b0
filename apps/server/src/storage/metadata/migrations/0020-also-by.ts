import type { ColumnTypes } from "./column-types.ts";

/** Who else a version and its record in the journal are of, where several people made it together: ids of accounts, parted by spaces. */
export function alsoBy({ text }: ColumnTypes): string[] {
  return [`ALTER TABLE versions ADD COLUMN also_by ${text}`, `ALTER TABLE journal ADD COLUMN also_by ${text}`];
}
