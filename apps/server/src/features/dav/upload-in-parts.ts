import { decodeManifest, encodeManifest, manifestSizeBytes, maxManifestChunks } from "@satchel/chunking";
import { formatTimestamp, ProblemError, workspaceOfEntry } from "@satchel/protocol";
import type { DavUpload } from "../../storage/metadata/dav-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { storeStream } from "../chunks/store-stream.ts";
import { DavError } from "./dav-error.ts";
import type { DavParts } from "./dav-parts.ts";
import type { DavPlace } from "./dav-place.ts";
import { commitFile, contentOf, requireParent, type PutOutcome } from "./put-file.ts";

/** How long the parts of a file wait for the rest: a little less than their chunks do. */
export const keepUploadMs = 23 * 3600 * 1000;

/** A program's own name for an upload; of the account's root folder, wherever the file will be. */
export function uploadOf({ rootWorkspaceId }: Caller, uploadId: string): DavUpload {
  return { workspaceId: rootWorkspaceId, uploadId };
}

export async function beginUpload({ metadata, host }: DavParts, upload: DavUpload): Promise<void> {
  const nowMs = host.nowMs();
  await metadata.dav.beginUpload({ ...upload, endsAtMs: nowMs + keepUploadMs }, nowMs);
}

/** Stores a part as it comes. @throws 404 without the upload, bad_request when it didn't come whole, quota_exceeded */
export async function putPart(
  parts: DavParts,
  upload: DavUpload,
  part: {
    readonly name: string;
    readonly pieces: AsyncIterable<Uint8Array>;
    readonly sizeBytes: number | undefined;
    /** Of the whole file, as far as it is known. */
    readonly wholeBytes: number | undefined;
  },
): Promise<void> {
  const { metadata, host, transfer } = parts;
  if (!(await metadata.dav.isUploading(upload, host.nowMs()))) throw noUpload();
  const { name, pieces, sizeBytes, wholeBytes } = part;
  const manifest = await storeStream(transfer, upload.workspaceId, { pieces, sizeBytes: wholeBytes ?? sizeBytes ?? 0 });
  const storedBytes = manifestSizeBytes(manifest);
  if (sizeBytes !== undefined && storedBytes !== sizeBytes)
    throw new ProblemError("bad_request", "the part did not come whole");
  const stored = { name, sizeBytes: storedBytes, packedChunks: encodeManifest(manifest) };
  if (!(await metadata.dav.putPart(upload, stored, host.nowMs()))) throw noUpload();
}

/** In the order of their numbers. @throws 404 */
export async function listParts({ metadata, host }: DavParts, upload: DavUpload) {
  return inOrder(await metadata.dav.listParts(upload, host.nowMs()));
}

/** By their numbers. @throws 404 */
export function inOrder<Part extends { readonly name: string }>(known: readonly Part[] | undefined): Part[] {
  if (!known) throw noUpload();
  return known.toSorted((a, b) => Number(a.name) - Number(b.name));
}

function noUpload(): DavError {
  return new DavError(404, "there is no such upload");
}

/** A file that came in parts, and where it is to be. */
export interface PartsOfFile {
  readonly upload: DavUpload;
  readonly place: DavPlace;
  readonly totalBytes: number | undefined;
  readonly modified: string | undefined;
  readonly isConditional: boolean;
}

/**
 * One part after the other becomes the file's next version, or a new file: no byte moves. @throws 404, 405, 409, 412, bad_request when they are not as long as announced
 */
export async function finishUpload(parts: DavParts, caller: Caller, file: PartsOfFile): Promise<PutOutcome> {
  const outcome = await commitParts(parts, caller, file);
  await parts.metadata.dav.endUpload(file.upload);
  return outcome;
}

/** The same, without an end of the upload. */
export async function commitParts(
  parts: DavParts,
  caller: Caller,
  { upload, place, totalBytes, modified, isConditional }: PartsOfFile,
): Promise<PutOutcome> {
  if (place.contents !== undefined) throw new DavError(405, "this is a folder");
  const holder = requireParent(place);
  const { host, metadata, quota, transfer } = parts;
  const stored = inOrder(await metadata.dav.readParts(upload, host.nowMs()));
  if (new Set(stored.map(({ name }) => Number(name))).size < stored.length)
    throw new ProblemError("bad_request", "two parts have one number");
  const manifest = stored.flatMap(({ packedChunks }) => decodeManifest(packedChunks));
  if (manifest.length > maxManifestChunks) throw new ProblemError("body_too_large", "the file is too long");
  if (totalBytes !== undefined && manifestSizeBytes(manifest) !== totalBytes)
    throw new ProblemError("bad_request", "the parts are not all of the file");
  const target = workspaceOfEntry(holder);
  if (target !== upload.workspaceId) {
    // What is granted has to be there: nobody looks for the bytes after this.
    await transfer.requireHeld(upload.workspaceId, manifest);
    await quota.admit(target, manifest);
    await metadata.ledger.grant(target, manifest, host.nowMs());
  }
  const executable = place.found?.entry.executable ?? false;
  const content = contentOf(manifest, { modified: modified ?? formatTimestamp(host.nowMs()), executable });
  return commitFile(parts, caller, { holder, place, content, isConditional, conflict: undefined });
}
