/** A table in a snapshot, with its primary key, by which it is read page by page. */
export interface SnapshotTable {
  readonly name: string;
  readonly key: readonly string[];
  /** Which of its rows; all if left out. */
  readonly where?: string;
}

/**
 * What a snapshot holds, each table behind those that it refers to. What is left out: where chunks are in an object store, since a restored server stores them anew; chunks that no version refers to; and what lives for minutes.
 */
export const snapshotTables: readonly SnapshotTable[] = [
  { name: "accounts", key: ["account_id"] },
  { name: "devices", key: ["device_id"] },
  { name: "refresh_tokens", key: ["token_hash"] },
  { name: "workspaces", key: ["workspace_id"] },
  { name: "entries", key: ["workspace_id", "entry_id"] },
  { name: "versions", key: ["workspace_id", "entry_id", "version_id"] },
  { name: "journal", key: ["workspace_id", "sequence"] },
  { name: "workspace_chunks", key: ["workspace_id", "chunk_hash"], where: "reference_count > 0" },
  { name: "linked_identities", key: ["issuer", "subject"] },
  { name: "app_passwords", key: ["secret_hash"] },
  { name: "totp_factors", key: ["account_id"] },
  { name: "recovery_codes", key: ["account_id", "code_hash"] },
  { name: "passkeys", key: ["credential_id"] },
  { name: "oauth_clients", key: ["client_id"] },
  { name: "workspace_members", key: ["workspace_id", "account_id"] },
  { name: "shares", key: ["workspace_id"] },
  { name: "share_invitations", key: ["workspace_id", "invitee_key"] },
  { name: "share_links", key: ["workspace_id", "link_id"] },
  { name: "notices", key: ["account_id", "notice_id"] },
  { name: "notice_settings", key: ["account_id", "kind"] },
  { name: "live_sessions", key: ["workspace_id", "entry_id"] },
  { name: "live_updates", key: ["workspace_id", "entry_id", "nth"] },
  { name: "comments", key: ["workspace_id", "entry_id", "comment_id"] },
  { name: "dav_properties", key: ["workspace_id", "entry_id", "namespace", "name"] },
  { name: "scans", key: ["workspace_id", "version_id"] },
  { name: "quarantined_chunks", key: ["workspace_id", "version_id", "chunk_hash"] },
  { name: "account_deletions", key: ["account_id"] },
  { name: "audit_records", key: ["sequence"] },
  { name: "audit_chain", key: ["chain"] },
];

/** Tables that a snapshot leaves out. */
export const tablesWithoutSnapshot: readonly string[] = [
  "attempt_counts",
  "browser_sessions",
  "chunk_objects",
  "chunk_places",
  "damaged_chunks",
  "dav_locks",
  "dav_upload_parts",
  "dav_uploads",
  "folder_stamps",
  "idempotency",
  "job_rounds",
  "join_codes",
  "known_networks",
  "leases",
  "mail_queue",
  "oauth_records",
  "one_time_secrets",
  "outbox",
  "pending_uploads",
  "previews",
  "scan_rounds",
  "scrub_rounds",
  "schema_version",
  "stamped_workspaces",
  "task_feeds",
  "tasks",
];
