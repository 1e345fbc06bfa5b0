import type { ColumnTypes } from "./column-types.ts";

/**
 * Folders that are shared: each is a workspace of its own, and an entry of its members' root folders that stands for it (`mounts`). Whoever is invited is named by a key, `account:ID` or `email:ADDRESS` in lower case, so that an
 * invitation can wait for an account that isn't there yet.
 */
export function sharingSchema({ text, int }: ColumnTypes): string[] {
  return [
    `ALTER TABLE entries ADD COLUMN mounts ${text}`,
    `CREATE UNIQUE INDEX mount_of_share ON entries (workspace_id, mounts) WHERE mounts IS NOT NULL`,
    `CREATE TABLE shares (
      workspace_id ${text} NOT NULL PRIMARY KEY REFERENCES workspaces (workspace_id),
      name ${text} NOT NULL,
      created_at_ms ${int} NOT NULL
    )`,
    `CREATE TABLE share_invitations (
      workspace_id ${text} NOT NULL REFERENCES workspaces (workspace_id),
      invitee_key ${text} NOT NULL,
      role ${text} NOT NULL,
      invited_by ${text} NOT NULL,
      created_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, invitee_key)
    )`,
    `CREATE INDEX shares_of_invitee ON share_invitations (invitee_key)`,
  ];
}
