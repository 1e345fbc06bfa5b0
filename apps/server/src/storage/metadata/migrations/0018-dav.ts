import type { ColumnTypes } from "./column-types.ts";

/** What programs that speak WebDAV keep beside files: properties that mean nothing to us, and locks, which always end. */
export function davSchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE dav_properties (
      workspace_id ${text} NOT NULL,
      entry_id ${text} NOT NULL,
      namespace ${text} NOT NULL,
      name ${text} NOT NULL,
      value ${text} NOT NULL,
      PRIMARY KEY (workspace_id, entry_id, namespace, name)
    )`,
    `CREATE TABLE dav_locks (
      workspace_id ${text} NOT NULL,
      token ${text} NOT NULL,
      path ${text} NOT NULL,
      is_deep ${int} NOT NULL,
      is_exclusive ${int} NOT NULL,
      owner ${text} NOT NULL,
      account_id ${text} NOT NULL,
      ends_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, token)
    )`,
    "CREATE INDEX dav_locks_end ON dav_locks (ends_at_ms)",
    "CREATE INDEX dav_locks_account ON dav_locks (account_id)",
  ];
}
