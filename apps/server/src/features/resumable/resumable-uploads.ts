import { decodeManifest, encodeManifest, manifestSizeBytes, versionHash } from "@satchel/chunking";
import { parseTimestamp, ProblemError, workspaceOfEntry, type WorkspaceId } from "@satchel/protocol";
import type { DavUpload } from "../../storage/metadata/dav-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { sha256, storeStream } from "../chunks/store-stream.ts";
import type { DavParts } from "../dav/dav-parts.ts";
import { findPlace, type DavPlace } from "../dav/dav-place.ts";
import { commitParts, inOrder, keepUploadMs } from "../dav/upload-in-parts.ts";
import { quotaExceeded } from "../quota/quota.ts";
import { announcedFileSchema, type AnnouncedFile } from "./announced-file.ts";
import { inSegments } from "./in-segments.ts";

/** How often is noted what came of a request that goes on: the most that is sent again when the server dies. */
const segmentBytes = 64 * 1024 * 1024;
/** How long is known of an upload that its file is there: a program whose last answer was lost asks. */
const keepDoneMs = 3600 * 1000;
/** Of how many of the newest versions is asked whether one of them is an upload's. */
const maxVersionsSince = 20;

/** Files that come by several requests, each of which goes on where the one before it ended. Parts are chunks as they come, and the file is made by one commit when all of it is there. */
export interface ResumableUploads {
  /** Begins one, and answers its id. @throws not_found without the folder, name_taken where a folder is, quota_exceeded, limit_exceeded */
  announce(caller: Caller, file: AnnouncedFile): Promise<string>;
  /** How far it is. One that has all its bytes and no file yet, since the server died between, gets it now. @throws not_found, and what a commit throws */
  find(caller: Caller, id: string): Promise<UploadState>;
  /** Takes what comes next, also when it ends early. @throws not_found, version_conflict when something else came there, bad_request when it is more than announced, and what a commit throws */
  receive(caller: Caller, id: string, next: NextBytes): Promise<UploadState>;
  /** Gives it up; a file that is there stays. @throws not_found */
  abandon(caller: Caller, id: string): Promise<void>;
}

export interface UploadState {
  readonly file: AnnouncedFile;
  readonly storedBytes: number;
  readonly endsAtMs: number;
}

export interface NextBytes {
  readonly offsetBytes: number;
  readonly pieces: AsyncIterable<Uint8Array>;
  /** All of it counts or nothing: what it says of itself is known at its end only. */
  readonly isWhole: boolean;
}

export function createResumableUploads(parts: DavParts): ResumableUploads {
  const { metadata, host } = parts;
  const finishing = new Map<string, Promise<void>>();

  async function look(caller: Caller, id: string): Promise<UploadState & { readonly isDone: boolean }> {
    const found = await metadata.dav.findUpload(uploadOf(caller, id), host.nowMs());
    if (!found || found.about === null) throw noUpload();
    const { isDone, endsAtMs } = found;
    const file = announcedFileSchema.parse(JSON.parse(found.about));
    return { file, isDone, endsAtMs, storedBytes: isDone ? file.sizeBytes : found.storedBytes };
  }

  /** Whoever asks for it twice at a time, as somebody whose connection ended does, gets one file. */
  async function finish(caller: Caller, id: string, file: AnnouncedFile): Promise<void> {
    const running = finishing.get(id);
    if (running) return running;
    // Somebody else's look may have been just before it was there.
    const started = look(caller, id).then(async ({ isDone }) => {
      if (!isDone) await makeFile(parts, caller, { upload: uploadOf(caller, id), file });
    });
    finishing.set(id, started);
    try {
      await started;
    } finally {
      finishing.delete(id);
    }
  }

  async function finishIfWhole(caller: Caller, id: string): Promise<UploadState> {
    const { isDone, ...state } = await look(caller, id);
    if (!isDone && state.storedBytes === state.file.sizeBytes) await finish(caller, id, state.file);
    return state;
  }

  return {
    announce: async (caller, file) => {
      const place = await findPlace(parts, caller, file.names);
      await requireRoom(parts, workspaceOfEntry(requireFilePlace(place)), file.sizeBytes);
      const id = Buffer.from(host.randomBytes(16)).toString("hex");
      const nowMs = host.nowMs();
      const about = JSON.stringify(file);
      await metadata.dav.beginUpload({ ...uploadOf(caller, id), endsAtMs: nowMs + keepUploadMs, about }, nowMs);
      return id;
    },
    find: finishIfWhole,
    receive: async (caller, id, next) => {
      const { isDone, storedBytes, file } = await look(caller, id);
      if (next.offsetBytes !== storedBytes) throw elsewhere(storedBytes);
      if (!isDone) await storeNext(parts, { upload: uploadOf(caller, id), file, next });
      return finishIfWhole(caller, id);
    },
    abandon: async (caller, id) => {
      await look(caller, id);
      await metadata.dav.endUpload(uploadOf(caller, id));
    },
  };
}

/** None of these can be an upload of another kind: such have no colon in their names. */
function uploadOf({ rootWorkspaceId }: Caller, id: string): DavUpload {
  return { workspaceId: rootWorkspaceId, uploadId: `tus:${id}` };
}

/** @throws not_found, name_taken */
function requireFilePlace({ parent, contents }: DavPlace) {
  if (contents !== undefined) throw new ProblemError("name_taken", "a folder has this name");
  if (parent === undefined) throw new ProblemError("not_found", "there is no folder for it");
  return parent;
}

/** Says so before it is sent; what is really missing shows when chunks come, since some may be there already. @throws quota_exceeded */
async function requireRoom({ metadata }: DavParts, workspaceId: WorkspaceId, sizeBytes: number): Promise<void> {
  const room = await metadata.ledger.room(workspaceId);
  if (room.quotaBytes !== null && sizeBytes > room.quotaBytes)
    throw quotaExceeded(room, room.usedBytes + sizeBytes - room.quotaBytes);
}

/** @throws bad_request, version_conflict, not_found, quota_exceeded */
async function storeNext(
  { metadata, transfer, host }: DavParts,
  { upload, file, next }: { readonly upload: DavUpload; readonly file: AnnouncedFile; readonly next: NextBytes },
): Promise<void> {
  let { offsetBytes } = next;
  const leftBytes = file.sizeBytes - offsetBytes;
  const pieces = bounded(next.pieces, leftBytes);
  for await (const segment of inSegments(pieces, next.isWhole ? Number.POSITIVE_INFINITY : segmentBytes)) {
    const manifest = await storeStream(transfer, upload.workspaceId, { pieces: segment, sizeBytes: file.sizeBytes });
    const sizeBytes = manifestSizeBytes(manifest);
    if (sizeBytes === 0) continue;
    const part = { offsetBytes, sizeBytes, packedChunks: encodeManifest(manifest) };
    const outcome = await metadata.dav.appendPart(upload, part, host.nowMs());
    if (outcome === "ended") throw noUpload();
    if (outcome === "elsewhere") throw elsewhere(undefined);
    offsetBytes += sizeBytes;
  }
}

/** @throws bad_request */
async function* bounded(pieces: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new ProblemError("bad_request", "this is more than was announced");
    yield piece;
  }
}

async function makeFile(
  parts: DavParts,
  caller: Caller,
  { upload, file }: { readonly upload: DavUpload; readonly file: AnnouncedFile },
): Promise<void> {
  // What came last may have taken hours, and the login may have been revoked meanwhile.
  await parts.authenticator.principalOn(caller.deviceId);
  const place = await findPlace(parts, caller, file.names);
  requireFilePlace(place);
  const { sizeBytes: totalBytes, modified } = file;
  if (!(await isMade(parts, { upload, file, found: place.found })))
    await commitParts(parts, caller, { upload, place, totalBytes, modified, isConditional: false });
  const endsAtMs = parts.host.nowMs() + keepDoneMs;
  await parts.metadata.dav.settleUpload(upload, { about: JSON.stringify(file), endsAtMs });
}

/** Whether the file got this content since the upload began: then a server died after the commit, and somebody else's version may have come on top. */
async function isMade(
  { metadata, host }: DavParts,
  {
    upload,
    file,
    found,
  }: { readonly upload: DavUpload; readonly file: AnnouncedFile; readonly found: DavPlace["found"] },
): Promise<boolean> {
  if (!found?.entry.version_id) return false;
  const [about, stored] = await Promise.all([
    metadata.dav.findUpload(upload, host.nowMs()),
    metadata.dav.readParts(upload, host.nowMs()),
  ]);
  if (!about || !stored) throw noUpload();
  const begunAtMs = about.endsAtMs - keepUploadMs;
  const manifest = inOrder(stored).flatMap(({ packedChunks }) => decodeManifest(packedChunks));
  const hash = versionHash(manifest, sha256);
  const { versions } = await metadata.history.listVersions({
    id: found.entry.id,
    after: undefined,
    limit: maxVersionsSince,
  });
  return versions.some(
    ({ version_hash: its, created, modified }) =>
      its === hash && parseTimestamp(created) >= begunAtMs && (file.modified ?? modified) === modified,
  );
}

function noUpload(): ProblemError {
  return new ProblemError("not_found", "there is no such upload");
}

function elsewhere(storedBytes: number | undefined): ProblemError {
  const where = storedBytes === undefined ? "something else came there meanwhile" : `the next byte is ${storedBytes}`;
  return new ProblemError("version_conflict", `the upload does not go on there: ${where}`);
}
