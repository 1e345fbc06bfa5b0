import type { ColumnTypes } from "./column-types.ts";

/** Whether whom a finding concerns was told, so that a server that dies in between tells them after all; and what a finding and an administrator are found by. What was found before counts as told. */
export function findingsAreTold({ int }: ColumnTypes): string[] {
  return [
    `ALTER TABLE scans ADD COLUMN told_at_ms ${int}`,
    "UPDATE scans SET told_at_ms = found_at_ms WHERE finding IS NOT NULL",
    "CREATE INDEX scans_held_versions ON scans (version_id) WHERE finding IS NOT NULL",
    "CREATE INDEX accounts_administrators ON accounts (account_id) WHERE is_admin = 1",
  ];
}
