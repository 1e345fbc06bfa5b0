import { maxManifestChunks } from "@satchel/chunking";
import { ProblemError } from "@satchel/protocol";
import { maxDavUploads, maxUploadParts, type DavUpload, type UploadPart } from "../dav-store.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** What a chunk takes in a manifest. */
const packedChunkBytes = 36;

export const ofUpload = "workspace_id = $1 AND upload_id = $2";

/** See DavStore.beginUpload. */
export async function beginUpload(
  session: SqlSession,
  {
    workspaceId,
    uploadId,
    endsAtMs,
    about,
  }: DavUpload & { readonly endsAtMs: number; readonly about?: string | undefined },
  nowMs: number,
): Promise<void> {
  await lockWorkspace(session, workspaceId);
  if (await isUploading(session, { workspaceId, uploadId }, nowMs)) return;
  // One of the same name that ended and was not dropped yet: its chunks may be gone.
  await removeUpload(session, { workspaceId, uploadId });
  const [going] = await session.all<{ readonly count: number }>(
    "SELECT COUNT(*) AS count FROM dav_uploads WHERE workspace_id = $1 AND ends_at_ms > $2 AND is_done = 0",
    [workspaceId, nowMs],
  );
  if ((going?.count ?? 0) >= maxDavUploads)
    throw new ProblemError("limit_exceeded", `at most ${maxDavUploads} files are sent in parts at a time`);
  await session.run("INSERT INTO dav_uploads (workspace_id, upload_id, ends_at_ms, about) VALUES ($1, $2, $3, $4)", [
    workspaceId,
    uploadId,
    endsAtMs,
    about ?? null,
  ]);
}

/** See DavStore.putPart. */
export async function putPart(
  session: SqlSession,
  { workspaceId, uploadId }: DavUpload,
  { name, sizeBytes, packedChunks }: UploadPart,
  nowMs: number,
): Promise<boolean> {
  await lockWorkspace(session, workspaceId);
  if (!(await isUploading(session, { workspaceId, uploadId }, nowMs))) return false;
  await session.run(
    `INSERT INTO dav_upload_parts (workspace_id, upload_id, name, size, chunks) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (workspace_id, upload_id, name) DO UPDATE SET size = excluded.size, chunks = excluded.chunks`,
    [workspaceId, uploadId, name, sizeBytes, packedChunks],
  );
  await requireBoundedParts(session, { workspaceId, uploadId });
  return true;
}

/** @throws limit_exceeded, body_too_large */
export async function requireBoundedParts(session: SqlSession, { workspaceId, uploadId }: DavUpload): Promise<void> {
  const [parts] = await session.all<{ readonly count: number; readonly bytes: number | null }>(
    `SELECT COUNT(*) AS count, CAST(SUM(LENGTH(chunks)) AS BIGINT) AS bytes FROM dav_upload_parts WHERE ${ofUpload}`,
    [workspaceId, uploadId],
  );
  if ((parts?.count ?? 0) > maxUploadParts)
    throw new ProblemError("limit_exceeded", `a file comes in at most ${maxUploadParts} parts`);
  if ((parts?.bytes ?? 0) > maxManifestChunks * packedChunkBytes)
    throw new ProblemError("body_too_large", "the file is too long to come this way");
}

/** See DavStore.listParts. */
export async function listParts(
  session: SqlSession,
  upload: DavUpload,
  nowMs: number,
): Promise<Omit<UploadPart, "packedChunks">[] | undefined> {
  if (!(await isUploading(session, upload, nowMs))) return undefined;
  const rows = await session.all<{ readonly name: string; readonly size: number }>(
    `SELECT name, size FROM dav_upload_parts WHERE ${ofUpload} ORDER BY name`,
    [upload.workspaceId, upload.uploadId],
  );
  return rows.map(({ name, size }) => ({ name, sizeBytes: size }));
}

/** See DavStore.readParts. */
export async function readParts(
  session: SqlSession,
  upload: DavUpload,
  nowMs: number,
): Promise<UploadPart[] | undefined> {
  if (!(await isUploading(session, upload, nowMs))) return undefined;
  const rows = await session.all<{ readonly name: string; readonly size: number; readonly chunks: Uint8Array }>(
    `SELECT name, size, chunks FROM dav_upload_parts WHERE ${ofUpload} ORDER BY name`,
    [upload.workspaceId, upload.uploadId],
  );
  return rows.map(({ name, size, chunks }) => ({ name, sizeBytes: size, packedChunks: chunks }));
}

/** See DavStore.endUpload. The lock keeps a part that comes at the same time from staying without its upload. */
export async function endUpload(session: SqlSession, upload: DavUpload): Promise<void> {
  await lockWorkspace(session, upload.workspaceId);
  await removeUpload(session, upload);
}

async function removeUpload(session: SqlSession, { workspaceId, uploadId }: DavUpload): Promise<void> {
  await session.run(`DELETE FROM dav_upload_parts WHERE ${ofUpload}`, [workspaceId, uploadId]);
  await session.run(`DELETE FROM dav_uploads WHERE ${ofUpload}`, [workspaceId, uploadId]);
}

/** See DavStore.isUploading. */
export async function isUploading(
  session: SqlSession,
  { workspaceId, uploadId }: DavUpload,
  nowMs: number,
): Promise<boolean> {
  const [row] = await session.all(`SELECT 1 AS one FROM dav_uploads WHERE ${ofUpload} AND ends_at_ms > $3`, [
    workspaceId,
    uploadId,
    nowMs,
  ]);
  return row !== undefined;
}
