import type { DavUpload, FoundUpload, UploadPart } from "../dav-store.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { ofUpload, requireBoundedParts } from "./dav-uploads.ts";

interface UploadRow {
  readonly about: string | null;
  readonly is_done: number;
  readonly ends_at_ms: number;
  readonly stored: number | null;
}

/** See DavStore.findUpload. */
export async function findUpload(
  session: SqlSession,
  { workspaceId, uploadId }: DavUpload,
  nowMs: number,
): Promise<FoundUpload | undefined> {
  const [row] = await session.all<UploadRow>(
    `SELECT about, is_done, ends_at_ms, CAST((SELECT SUM(size) FROM dav_upload_parts WHERE ${ofUpload}) AS BIGINT) AS stored
     FROM dav_uploads WHERE ${ofUpload} AND ends_at_ms > $3`,
    [workspaceId, uploadId, nowMs],
  );
  if (!row) return undefined;
  const { about, is_done: isDone, ends_at_ms: endsAtMs, stored } = row;
  return { about, isDone: isDone === 1, endsAtMs, storedBytes: stored ?? 0 };
}

/** See DavStore.appendPart. A part is named for where it begins, so that parts are in the order of their names' numbers. */
export async function appendPart(
  session: SqlSession,
  upload: DavUpload,
  { offsetBytes, sizeBytes, packedChunks }: Omit<UploadPart, "name"> & { readonly offsetBytes: number },
  nowMs: number,
): Promise<"added" | "elsewhere" | "ended"> {
  const { workspaceId, uploadId } = upload;
  await lockWorkspace(session, workspaceId);
  const found = await findUpload(session, upload, nowMs);
  if (!found || found.isDone) return "ended";
  if (found.storedBytes !== offsetBytes) return "elsewhere";
  await session.run(
    "INSERT INTO dav_upload_parts (workspace_id, upload_id, name, size, chunks) VALUES ($1, $2, $3, $4, $5)",
    [workspaceId, uploadId, String(offsetBytes), sizeBytes, packedChunks],
  );
  await requireBoundedParts(session, upload);
  return "added";
}

/** See DavStore.settleUpload. */
export async function settleUpload(
  session: SqlSession,
  { workspaceId, uploadId }: DavUpload,
  { about, endsAtMs }: { readonly about: string; readonly endsAtMs: number },
): Promise<void> {
  await lockWorkspace(session, workspaceId);
  await session.run(`DELETE FROM dav_upload_parts WHERE ${ofUpload}`, [workspaceId, uploadId]);
  await session.run(`UPDATE dav_uploads SET is_done = 1, about = $3, ends_at_ms = $4 WHERE ${ofUpload}`, [
    workspaceId,
    uploadId,
    about,
    endsAtMs,
  ]);
}
