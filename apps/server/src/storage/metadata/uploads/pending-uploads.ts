import { workspaceOfEntry, type AccountId, type EntryId } from "@satchel/protocol";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";
import type { PendingUpload } from "../upload-store.ts";

const upsertUpload = defineInsert(
  "pending_uploads",
  { workspace_id: "text", entry_id: "text", account_id: "text", parent_id: "text", name: "text", expires_at_ms: "int" },
  `ON CONFLICT (workspace_id, entry_id) DO UPDATE SET account_id = excluded.account_id, parent_id = excluded.parent_id, name = excluded.name, expires_at_ms = excluded.expires_at_ms`,
);

/** See UploadStore.put. */
export async function putUpload(session: SqlSession, upload: PendingUpload): Promise<void> {
  const { workspaceId, fileId, accountId, parentId, name, expiresAtMs } = upload;
  await session.insert(upsertUpload, [[workspaceId, fileId, accountId, parentId, name, expiresAtMs]]);
}

/** See UploadStore.find. */
export async function findUpload(
  session: SqlSession,
  fileId: EntryId,
  nowMs: number,
): Promise<PendingUpload | undefined> {
  const workspaceId = workspaceOfEntry(fileId);
  const [row] = await session.all<{ account_id: AccountId; parent_id: EntryId; name: string; expires_at_ms: number }>(
    `SELECT account_id, parent_id, name, expires_at_ms FROM pending_uploads WHERE workspace_id = $1 AND entry_id = $2 AND expires_at_ms > $3`,
    [workspaceId, fileId, nowMs],
  );
  if (!row) return undefined;
  const { account_id: accountId, parent_id: parentId, name, expires_at_ms: expiresAtMs } = row;
  return { fileId, workspaceId, accountId, parentId, name, expiresAtMs };
}

/** See UploadStore.drop. */
export async function dropUpload(session: SqlSession, fileId: EntryId): Promise<void> {
  const sql = "DELETE FROM pending_uploads WHERE workspace_id = $1 AND entry_id = $2";
  await session.run(sql, [workspaceOfEntry(fileId), fileId]);
}
