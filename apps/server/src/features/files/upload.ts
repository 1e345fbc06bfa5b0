import { createHmac } from "node:crypto";
import { encodeManifest, fixedPieceSizes, ManifestError, manifestSizeBytes, type Manifest } from "@satchel/chunking";
import {
  formatTimestamp,
  idPartBytes,
  makeEntryId,
  ProblemError,
  rootEntryId,
  workspaceOfEntry,
  type ChunkHash,
  type CommitOperation,
  type CommitResult,
  type EntryId,
  type EntryState,
  type VersionHash,
  type VersionId,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { PendingUpload } from "../../storage/metadata/upload-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { chunkUrlMs } from "../chunks/chunk-url.ts";
import type { ChunkTransfer } from "../chunks/chunk-transfer.ts";
import { authorOf, type Principal } from "../identity/principal.ts";
import type { Quota } from "../quota/quota.ts";
import type { ServerKeys } from "../identity/server-keys.ts";
import type { PublishCommit } from "../sync/commit-publisher.ts";
import { idempotencyOf, type RepeatableRequest } from "../sync/idempotency.ts";
import { describeCurrent } from "./entry-view.ts";

/** How long a file that was announced may take until its commit. */
const pendingUploadMs = 24 * 3600 * 1000;
/** How often a commit on 'whatever is latest' looks again when it was overtaken. */
const maxOvertaken = 5;

export interface UploadAnnouncement {
  readonly parent: EntryId | "root";
  readonly name: string;
  readonly sizeBytes: number;
  readonly chunkHashes: readonly ChunkHash[];
  /** By default pieces of 4 MiB, the last one the rest. */
  readonly chunkSizes: readonly number[] | undefined;
  /** The file that gets a new version. */
  readonly fileId: EntryId | undefined;
}

export interface FileCommit {
  readonly fileId: EntryId;
  readonly versionHash: VersionHash;
  readonly chunkHashes: readonly ChunkHash[];
  /** The version that was edited; null for a new file; undefined to replace whatever is latest. */
  readonly baseVersionId: VersionId | null | undefined;
  readonly modified: string | undefined;
  readonly executable: boolean | undefined;
}

export interface Upload {
  /** Gives the id that the commit will create or edit, and paths to `PUT` what is missing at. @throws not_found, bad_request, quota_exceeded */
  announce(
    caller: Caller,
    announcement: UploadAnnouncement,
    repeatable: RepeatableRequest | undefined,
  ): Promise<{ fileId: EntryId; missing: ChunkHash[]; uploadPaths: string[] }>;
  /** @throws not_found, version_conflict, name_taken, chunk_missing, manifest_mismatch, quota_exceeded, key_reused */
  commit(caller: Caller, commit: FileCommit, repeatable: RepeatableRequest | undefined): Promise<VersionId>;
}

interface UploadParts {
  readonly authorisation: Authorisation;
  readonly metadata: MetadataStore;
  readonly quota: Quota;
  readonly transfer: ChunkTransfer;
  readonly publish: PublishCommit;
  readonly keys: ServerKeys;
  readonly host: Host;
}

/** Single files by plain HTTP: announce, `PUT` what is missing, commit. */
export function createUpload(parts: UploadParts): Upload {
  return {
    announce: (caller, announcement, repeatable) => announce(parts, caller, { announcement, repeatable }),
    commit: (caller, commit, repeatable) => commitFile(parts, caller, { commit, repeatable }),
  };
}

async function announce(
  parts: UploadParts,
  caller: Caller,
  { announcement, repeatable }: { announcement: UploadAnnouncement; repeatable: RepeatableRequest | undefined },
): Promise<{ fileId: EntryId; missing: ChunkHash[]; uploadPaths: string[] }> {
  const manifest = announcedManifest(announcement);
  const parentId = await requireFolder(parts, caller, announcement.parent);
  const workspaceId = workspaceOfEntry(parentId);
  if (announcement.fileId) {
    const fileId = await parts.authorisation.requireEntry(caller, announcement.fileId);
    // Its chunks are brought to the folder's workspace, and have to be of use there.
    if (workspaceOfEntry(fileId) !== workspaceId)
      throw new ProblemError("not_found", "there is no such file or folder");
    await requireType(parts, fileId, "file");
  }
  const missing = distinct(
    (await parts.transfer.findMissing(workspaceId, manifest)).flatMap((index) => manifest[index] ?? []),
  );
  await parts.quota.admit(workspaceId, missing);
  const { name } = announcement;
  const fileId = announcement.fileId ?? newFileId(parts, workspaceId, { principal: caller, repeatable });
  const announcedAtMs = announcement.fileId
    ? parts.host.nowMs()
    : await rememberUpload(parts, { fileId, workspaceId, accountId: caller.accountId, parentId, name });
  return {
    fileId,
    missing: missing.map((chunk) => chunk.hash),
    uploadPaths: parts.transfer.uploadPaths({ workspaceId, deviceId: caller.deviceId }, missing, announcedAtMs),
  };
}

/** When the file was announced: before, if this is the repetition of a request whose addresses are still good. */
async function rememberUpload(
  { metadata, host }: UploadParts,
  upload: Omit<PendingUpload, "expiresAtMs">,
): Promise<number> {
  const nowMs = host.nowMs();
  const before = await metadata.uploads.find(upload.fileId, nowMs);
  const announcedAtMs = (before?.expiresAtMs ?? Number.NEGATIVE_INFINITY) - pendingUploadMs;
  if (announcedAtMs > nowMs - chunkUrlMs) return announcedAtMs;
  await metadata.uploads.put({ ...upload, expiresAtMs: nowMs + pendingUploadMs });
  return nowMs;
}

function announcedManifest({ sizeBytes, chunkHashes, chunkSizes }: UploadAnnouncement): Manifest {
  try {
    const sizes = chunkSizes ?? fixedPieceSizes(sizeBytes);
    if (sizes.length !== chunkHashes.length) {
      throw new ProblemError("bad_request", `${chunkHashes.length} chunk hashes don't fit ${sizes.length} chunk sizes`);
    }
    const manifest = chunkHashes.map((chunkHash, index) => ({ hash: chunkHash, sizeBytes: sizes[index] ?? 0 }));
    if (manifestSizeBytes(manifest) !== sizeBytes)
      throw new ProblemError("bad_request", "the chunk sizes don't add up to file_size");
    return manifest;
  } catch (error) {
    if (error instanceof ManifestError) throw new ProblemError("bad_request", error.message);
    throw error;
  }
}

function distinct(manifest: Manifest): Manifest {
  return [...new Map(manifest.map((chunk) => [chunk.hash, chunk])).values()];
}

/** The folder that takes the file: for the mount of a shared workspace, its root. @throws not_found, forbidden */
async function requireFolder(parts: UploadParts, caller: Caller, reference: EntryId | "root"): Promise<EntryId> {
  const id = await parts.authorisation.requireEntry(caller, reference);
  const { mounts } = await requireType(parts, id, "folder");
  if (mounts === undefined) return id;
  await parts.authorisation.requireWorkspace(caller, mounts);
  return rootEntryId(mounts);
}

async function requireType({ metadata }: UploadParts, id: EntryId, type: "folder" | "file"): Promise<EntryState> {
  const found = await metadata.tree.findEntry(id);
  if (found?.entry.type !== type) throw new ProblemError("not_found", `there is no such ${type}`);
  return found.entry;
}

/** A repeated request gets the same id, and so the same answer, without a record of it. */
function newFileId(
  { host, keys }: UploadParts,
  workspaceId: WorkspaceId,
  { principal, repeatable }: { principal: Principal; repeatable: RepeatableRequest | undefined },
): EntryId {
  if (!repeatable) return makeEntryId(workspaceId, host.randomBytes(idPartBytes));
  const seed = [principal.accountId, workspaceId, repeatable.key, repeatable.fingerprint].join("\n");
  return makeEntryId(
    workspaceId,
    createHmac("sha256", keys.repeatableId).update(seed).digest().subarray(0, idPartBytes),
  );
}

async function commitFile(
  parts: UploadParts,
  caller: Caller,
  { commit, repeatable }: { commit: FileCommit; repeatable: RepeatableRequest | undefined },
): Promise<VersionId> {
  const fileId = await parts.authorisation.requireEntry(caller, commit.fileId);
  const manifest = await heldManifest(parts, workspaceOfEntry(fileId), commit.chunkHashes);
  for (let overtaken = 0; ; overtaken += 1) {
    const step = await planStep(parts, fileId, { commit, manifest, repeatable });
    if (step.done !== undefined) return step.done;
    // A retry is another use of the key, which a repetition of the request walks through in the same order.
    const attempt = repeatable && { ...repeatable, key: `${repeatable.key}\n${overtaken}` };
    const result = await applyStep(parts, caller, { fileId, operation: step.operation, repeatable: attempt });
    if (result.status === "done" && result.version_id) return result.version_id;
    const mayLookAgain =
      result.status === "failed" && result.code === "version_conflict" && commit.baseVersionId === undefined;
    if (!mayLookAgain || overtaken >= maxOvertaken) throw refusal(result);
  }
}

/** The sizes are those of the bytes that were brought. @throws chunk_missing */
async function heldManifest(
  { metadata, host }: UploadParts,
  workspaceId: WorkspaceId,
  hashes: readonly ChunkHash[],
): Promise<Manifest> {
  const sizes = hashes.length === 0 ? [] : await metadata.ledger.sizesOfHeld(workspaceId, hashes, host.nowMs());
  const missing = new Set(hashes.filter((_, index) => sizes[index] === undefined));
  if (missing.size > 0) {
    throw new ProblemError("chunk_missing", `${missing.size} chunks were not uploaded`, {
      extra: { missing_chunk_hashes: [...missing].slice(0, 1000) },
    });
  }
  return hashes.map((chunkHash, index) => ({ hash: chunkHash, sizeBytes: sizes[index] ?? 0 }));
}

type Step = { readonly done: VersionId } | { readonly done: undefined; readonly operation: CommitOperation };

/** Which operation the commit means: a new file where it was announced, or a new version of one that is there. */
async function planStep(
  { metadata, host }: UploadParts,
  id: EntryId,
  {
    commit,
    manifest,
    repeatable,
  }: { commit: FileCommit; manifest: Manifest; repeatable: RepeatableRequest | undefined },
): Promise<Step> {
  const [found, pending] = await Promise.all([metadata.tree.findEntry(id), metadata.uploads.find(id, host.nowMs())]);
  if (found && found.entry.type !== "file") throw new ProblemError("not_found", "there is no such file");
  const content = {
    version_hash: commit.versionHash,
    size: manifestSizeBytes(manifest),
    chunks: Buffer.from(encodeManifest(manifest)).toString("base64"),
    modified: commit.modified ?? formatTimestamp(host.nowMs()),
    executable: commit.executable ?? found?.entry.executable ?? false,
  };
  if (commit.baseVersionId) {
    if (!found) throw noSuchFile(pending);
    return { done: undefined, operation: { op: "edit_file", id, base_version_id: commit.baseVersionId, content } };
  }
  if (found?.entry.version_id && commit.baseVersionId === undefined) {
    const isSame =
      found.entry.version_hash === commit.versionHash &&
      commit.modified === undefined &&
      commit.executable === undefined;
    if (isSame && !repeatable) return { done: found.entry.version_id };
    return { done: undefined, operation: { op: "edit_file", id, base_version_id: found.entry.version_id, content } };
  }
  if (!pending) throw found ? movedOn(found.entry) : noSuchFile(pending);
  // For a file that is there by now the store refuses this, or knows the idempotency key and repeats its answer.
  return {
    done: undefined,
    operation: { op: "create_file", id, parent_id: pending.parentId, name: pending.name, content },
  };
}

function noSuchFile(pending: PendingUpload | undefined): ProblemError {
  return pending
    ? new ProblemError("version_conflict", "the file is new, so it has no version that could have been edited")
    : new ProblemError("not_found", "there is no such file; announce a new one by upload_request");
}

function movedOn(entry: EntryState): ProblemError {
  return new ProblemError("version_conflict", "the file exists", { extra: { current: describeCurrent(entry) } });
}

async function applyStep(
  { metadata, publish, host }: UploadParts,
  principal: Principal,
  {
    fileId,
    operation,
    repeatable,
  }: { fileId: EntryId; operation: CommitOperation; repeatable: RepeatableRequest | undefined },
): Promise<CommitResult> {
  const workspaceId = workspaceOfEntry(fileId);
  const outcome = await metadata.tree.commit({
    workspaceId,
    author: authorOf(principal),
    // Only deletions look at it.
    seenSequence: 0,
    operations: [operation],
    idempotency: idempotencyOf(principal, repeatable),
    nowMs: host.nowMs(),
  });
  publish({ workspaceId, origin: principal.deviceId, outcome, carried: [] });
  const [result] = outcome.results;
  if (!result) throw new Error("a commit of one operation has no result");
  return result;
}

/** An id that is in use means, to whoever said that the file is new, that it moved on. */
function refusal(result: CommitResult): Error {
  if (result.status === "done") return new Error("a file was committed without a version");
  const code = result.code === "id_taken" ? "version_conflict" : result.code;
  return new ProblemError(code, result.detail, {
    extra: {
      ...(result.current && { current: describeCurrent(result.current) }),
      ...(result.missing_bytes !== undefined && { missing_bytes: result.missing_bytes }),
      ...(result.missing_chunk_hashes && { missing_chunk_hashes: result.missing_chunk_hashes }),
    },
  });
}
