import { snapshotTables } from "../snapshot/snapshot-tables.ts";

/** Tables whose rows move along when an installation gets another database, each behind those that it refers to: what a backup holds, and what lives for minutes, so that nobody has to begin anew. */
export const movedTables: readonly string[] = [
  ...snapshotTables.map(({ name }) => name),
  "attempt_counts",
  "browser_sessions",
  "dav_locks",
  "dav_uploads",
  "dav_upload_parts",
  "idempotency",
  "join_codes",
  "known_networks",
  "mail_queue",
  "oauth_records",
  "one_time_secrets",
  "pending_uploads",
];

/** Tables that say something of the place where they are, or that fill again by themselves from the feeds. */
export const tablesThatStay: readonly string[] = [
  "chunk_objects",
  "chunk_places",
  "damaged_chunks",
  "folder_stamps",
  "job_rounds",
  "leases",
  "outbox",
  "previews",
  "scan_rounds",
  "scrub_rounds",
  "schema_version",
  "stamped_workspaces",
  "task_feeds",
  "tasks",
];
