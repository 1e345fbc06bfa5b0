import type { ColumnTypes } from "./column-types.ts";

/**
 * Every table that grows with use is keyed by its workspace first, so that a workspace lives on one shard. Booleans are 0 and 1, instants are milliseconds since 1970. An entry's parent has no foreign key: that would take one more
 * index on the largest table; the one transaction that writes the tree looks at the parent anyway, and `admin check` finds orphans.
 */
export function firstSchema({ text, int, bytes, clustered }: ColumnTypes): string[] {
  return [
    `CREATE TABLE accounts (
      account_id ${text} NOT NULL PRIMARY KEY,
      name ${text} NOT NULL,
      name_key ${text} NOT NULL UNIQUE,
      email ${text} NOT NULL,
      password_hash ${text} NOT NULL,
      is_admin ${int} NOT NULL,
      root_workspace_id ${text} NOT NULL,
      created_at_ms ${int} NOT NULL,
      disabled_at_ms ${int}
    )`,
    `CREATE TABLE devices (
      device_id ${text} NOT NULL PRIMARY KEY,
      account_id ${text} NOT NULL REFERENCES accounts (account_id),
      name ${text} NOT NULL,
      created_at_ms ${int} NOT NULL,
      last_seen_at_ms ${int},
      revoked_at_ms ${int}
    )`,
    `CREATE INDEX devices_of_account ON devices (account_id)`,
    `CREATE TABLE refresh_tokens (
      token_hash ${text} NOT NULL PRIMARY KEY,
      device_id ${text} NOT NULL REFERENCES devices (device_id),
      expires_at_ms ${int} NOT NULL,
      next_token_hash ${text}
    )`,
    `CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at_ms)`,
    `CREATE TABLE join_codes (
      secret_hash ${text} NOT NULL PRIMARY KEY,
      account_id ${text} NOT NULL REFERENCES accounts (account_id),
      expires_at_ms ${int} NOT NULL
    )`,
    `CREATE TABLE workspaces (
      workspace_id ${text} NOT NULL PRIMARY KEY,
      owner_account_id ${text} NOT NULL,
      head ${int} NOT NULL,
      epoch ${text} NOT NULL,
      feed_horizon ${int} NOT NULL,
      used_bytes ${int} NOT NULL,
      quota_bytes ${int},
      created_at_ms ${int} NOT NULL
    )`,
    `CREATE TABLE entries (
      workspace_id ${text} NOT NULL REFERENCES workspaces (workspace_id),
      entry_id ${text} NOT NULL,
      parent_id ${text},
      name ${text} NOT NULL,
      type ${text} NOT NULL,
      version_id ${text},
      version_hash ${text},
      size ${int} NOT NULL,
      modified_ms ${int},
      executable ${int} NOT NULL,
      link_target ${text},
      conflict_of ${text},
      sequence ${int} NOT NULL,
      deleted_at_ms ${int},
      deleted_by ${text},
      PRIMARY KEY (workspace_id, entry_id)
    )`,
    `CREATE UNIQUE INDEX living_entries_by_name ON entries (workspace_id, parent_id, name) WHERE deleted_at_ms IS NULL`,
    `CREATE INDEX entries_by_sequence ON entries (workspace_id, sequence)`,
    `CREATE INDEX deleted_entries_by_time ON entries (workspace_id, deleted_at_ms, entry_id) WHERE deleted_at_ms IS NOT NULL`,
    `CREATE INDEX deleted_entries_by_parent ON entries (workspace_id, parent_id) WHERE deleted_at_ms IS NOT NULL`,
    `CREATE INDEX conflicted_copies ON entries (workspace_id, entry_id) WHERE conflict_of IS NOT NULL AND deleted_at_ms IS NULL`,
    `CREATE TABLE versions (
      workspace_id ${text} NOT NULL,
      entry_id ${text} NOT NULL,
      version_id ${text} NOT NULL,
      sequence ${int} NOT NULL,
      version_hash ${text} NOT NULL,
      size ${int} NOT NULL,
      modified_ms ${int} NOT NULL,
      executable ${int} NOT NULL,
      link_target ${text},
      chunks ${bytes} NOT NULL,
      base_version_id ${text},
      account_id ${text} NOT NULL,
      device_id ${text},
      created_at_ms ${int} NOT NULL,
      superseded_at_ms ${int},
      PRIMARY KEY (workspace_id, entry_id, version_id),
      FOREIGN KEY (workspace_id, entry_id) REFERENCES entries (workspace_id, entry_id)
    )`,
    `CREATE INDEX superseded_versions_by_time ON versions (workspace_id, superseded_at_ms) WHERE superseded_at_ms IS NOT NULL`,
    `CREATE TABLE journal (
      workspace_id ${text} NOT NULL REFERENCES workspaces (workspace_id),
      sequence ${int} NOT NULL,
      entry_id ${text} NOT NULL,
      kind ${text} NOT NULL,
      state_before ${text},
      state_after ${text} NOT NULL,
      account_id ${text} NOT NULL,
      device_id ${text},
      at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, sequence)
    ) ${clustered}`,
    `CREATE TABLE workspace_chunks (
      workspace_id ${text} NOT NULL REFERENCES workspaces (workspace_id),
      chunk_hash ${bytes} NOT NULL,
      size ${int} NOT NULL,
      reference_count ${int} NOT NULL,
      touched_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, chunk_hash)
    ) ${clustered}`,
    `CREATE INDEX workspaces_of_chunk ON workspace_chunks (chunk_hash)`,
    `CREATE INDEX unreferenced_chunks ON workspace_chunks (workspace_id, touched_at_ms) WHERE reference_count = 0`,
    `CREATE TABLE pending_uploads (
      workspace_id ${text} NOT NULL REFERENCES workspaces (workspace_id),
      entry_id ${text} NOT NULL,
      account_id ${text} NOT NULL,
      parent_id ${text} NOT NULL,
      name ${text} NOT NULL,
      expires_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, entry_id)
    )`,
    `CREATE INDEX pending_uploads_by_expiry ON pending_uploads (expires_at_ms)`,
    `CREATE TABLE idempotency (
      workspace_id ${text} NOT NULL REFERENCES workspaces (workspace_id),
      account_id ${text} NOT NULL,
      key ${text} NOT NULL,
      request_hash ${text} NOT NULL,
      response ${text} NOT NULL,
      at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, account_id, key)
    )`,
    `CREATE INDEX idempotency_by_time ON idempotency (at_ms)`,
  ];
}
