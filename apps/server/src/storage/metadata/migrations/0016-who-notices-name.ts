import type { ColumnTypes } from "./column-types.ts";

/** Whose doing a notice tells of: an account, since a name that is written into others' notices would outlive it. Found by it when the account is erased. */
export function whoNoticesName({ text }: ColumnTypes): string[] {
  return [
    `ALTER TABLE notices ADD COLUMN by_account_id ${text}`,
    `CREATE INDEX notices_by_doer ON notices (by_account_id) WHERE by_account_id IS NOT NULL`,
  ];
}
