import { keepNoticesMs } from "../notice-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { keepGivenUpTasksMs } from "../task-store.ts";

/** Messages that could not be sent, or that no server was there to send, are kept for this long. */
const keepMailMs = 7 * 24 * 3600 * 1000;

/** After an hour a counter is empty; see `features/identity/attempts`. */
const keepCountsMs = 3600 * 1000;
/** A network from which nobody came for so long is a stranger's again. */
const knowNetworksMs = 90 * 24 * 3600 * 1000;
/** Somebody who was offline for longer finds another live session, to which their edits are carried over by text. */
const keepLiveSessionsMs = 7 * 24 * 3600 * 1000;

/** See MaintenanceStore.dropExpired. */
export async function dropExpired(
  session: SqlSession,
  { nowMs, idempotencyBeforeMs }: { nowMs: number; idempotencyBeforeMs: number },
): Promise<void> {
  await session.run("DELETE FROM idempotency WHERE at_ms < $1", [idempotencyBeforeMs]);
  await session.run("DELETE FROM join_codes WHERE expires_at_ms <= $1", [nowMs]);
  await session.run("DELETE FROM refresh_tokens WHERE expires_at_ms <= $1", [nowMs]);
  await session.run("DELETE FROM one_time_secrets WHERE expires_at_ms <= $1", [nowMs]);
  await session.run("DELETE FROM browser_sessions WHERE expires_at_ms <= $1", [nowMs]);
  await session.run("DELETE FROM oauth_records WHERE expires_at_ms <= $1", [nowMs]);
  await session.run("DELETE FROM mail_queue WHERE created_at_ms <= $1", [nowMs - keepMailMs]);
  await session.run("DELETE FROM notices WHERE at_ms <= $1", [nowMs - keepNoticesMs]);
  await session.run("DELETE FROM attempt_counts WHERE last_at_ms < $1", [nowMs - keepCountsMs]);
  await session.run("DELETE FROM known_networks WHERE last_at_ms <= $1", [nowMs - knowNetworksMs]);
  await session.run("DELETE FROM tasks WHERE due_at_ms IS NULL AND added_at_ms <= $1", [nowMs - keepGivenUpTasksMs]);
  await session.run("DELETE FROM pending_uploads WHERE expires_at_ms <= $1", [nowMs]);
  await session.run("DELETE FROM dav_locks WHERE ends_at_ms <= $1", [nowMs]);
  await dropUploads(session, nowMs);
  const forgotten = "FROM live_sessions WHERE touched_at_ms <= $1 AND ends_at_ms <= $1";
  await session.run(
    `DELETE FROM live_updates WHERE EXISTS (SELECT 1 ${forgotten} AND live_sessions.workspace_id = live_updates.workspace_id AND live_sessions.entry_id = live_updates.entry_id)`,
    [nowMs - keepLiveSessionsMs],
  );
  await session.run(`DELETE ${forgotten}`, [nowMs - keepLiveSessionsMs]);
}

/** Their chunks are collected as those of any upload that came to nothing. */
async function dropUploads(session: SqlSession, nowMs: number): Promise<void> {
  await session.run(
    `DELETE FROM dav_upload_parts WHERE EXISTS (SELECT 1 FROM dav_uploads u
       WHERE u.ends_at_ms <= $1 AND u.workspace_id = dav_upload_parts.workspace_id AND u.upload_id = dav_upload_parts.upload_id)`,
    [nowMs],
  );
  await session.run("DELETE FROM dav_uploads WHERE ends_at_ms <= $1", [nowMs]);
}
