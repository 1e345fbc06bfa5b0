import type { ColumnTypes } from "./column-types.ts";

/**
 * Who else may work in a workspace, what was done (a chain of records, see docs/spec/security.md), and which accounts
 * are about to be deleted. An audit record has no foreign key: it outlives the account that it tells of.
 */
export function securitySchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE workspace_members (
      workspace_id ${text} NOT NULL REFERENCES workspaces (workspace_id),
      account_id ${text} NOT NULL,
      role ${text} NOT NULL,
      added_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, account_id)
    )`,
    `CREATE INDEX workspaces_of_member ON workspace_members (account_id)`,
    `CREATE INDEX workspaces_of_owner ON workspaces (owner_account_id)`,
    `CREATE TABLE account_deletions (
      account_id ${text} NOT NULL PRIMARY KEY REFERENCES accounts (account_id),
      requested_at_ms ${int} NOT NULL,
      due_at_ms ${int} NOT NULL
    )`,
    `CREATE INDEX account_deletions_by_time ON account_deletions (due_at_ms)`,
    `CREATE TABLE audit_records (
      sequence ${int} NOT NULL PRIMARY KEY,
      at_ms ${int} NOT NULL,
      account_id ${text},
      body ${text},
      body_hash ${text} NOT NULL,
      record_hash ${text} NOT NULL
    )`,
    `CREATE INDEX audit_records_of_account ON audit_records (account_id, sequence) WHERE account_id IS NOT NULL`,
    `CREATE INDEX audit_records_by_time ON audit_records (at_ms)`,
    `CREATE TABLE audit_chain (
      chain ${int} NOT NULL PRIMARY KEY,
      pruned_sequence ${int} NOT NULL,
      pruned_hash ${text} NOT NULL,
      last_sequence ${int} NOT NULL,
      last_hash ${text} NOT NULL,
      seal ${text} NOT NULL
    )`,
  ];
}
