import { encodeManifest, manifestSizeBytes, versionHash, type ManifestChunk } from "@satchel/chunking";
import {
  entryNameSchema,
  formatTimestamp,
  idPartBytes,
  isIgnoreFileName,
  makeEntryId,
  ProblemError,
  workspaceOfEntry,
  type CommitResult,
  type EntryId,
  type WorkspaceId,
} from "@satchel/protocol";
import type { ChunkTransfer } from "../chunks/chunk-transfer.ts";
import { sha256, storeStream } from "../chunks/store-stream.ts";
import type { PublishCommit } from "../sync/commit-publisher.ts";
import { findOpenLink, type OpenLink } from "./link-visits.ts";
import type { LinkParts } from "./links.ts";
import { numberedName } from "./numbered-name.ts";

/** The longest file that a link takes. */
export const maxLinkUploadBytes = 16 * 1024 ** 3;
/** So many names in a row may be taken. */
const maxNameTries = 100;

export interface UploadedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

export interface TakenFile {
  readonly id: EntryId;
  /** What it is called: another name than it came with where that was taken. */
  readonly name: string;
}

/** What comes in by links that only take files. */
export interface LinkUploads {
  /**
   * Puts a file into the link's folder, where it counts for the folder's owner. Nothing is ever replaced.
   * @throws forbidden for other links and where no more files may come; bad_request, body_too_large, quota_exceeded; not_found also for a link that ends before the last byte came
   */
  put(open: OpenLink, folderId: EntryId, file: UploadedFile): Promise<TakenFile>;
}

export type LinkUploadParts = LinkParts & { readonly transfer: ChunkTransfer; readonly publish: PublishCommit };

export function createLinkUploads(parts: LinkUploadParts): LinkUploads {
  return {
    async put(open, folderId, { name, sizeBytes, pieces }) {
      if (open.link.kind !== "upload") throw new ProblemError("forbidden", "this link takes no files");
      requireRoom(open);
      const workspaceId = workspaceOfEntry(folderId);
      await requireWriter(parts, open, workspaceId);
      const known = entryNameSchema.safeParse(name);
      // Whoever has no account has no say in what devices leave out.
      if (!known.success || isIgnoreFileName(known.data))
        throw new ProblemError("bad_request", "this is no name for a file");
      if (sizeBytes > maxLinkUploadBytes)
        throw new ProblemError("body_too_large", `a file has at most ${maxLinkUploadBytes} bytes here`);
      const manifest = await storeContent(parts, workspaceId, { sizeBytes, pieces });
      // That may have taken a while, and the link or its maker's role may have ended meanwhile.
      await requireWriter(parts, await findOpenLink(parts, open.tokenHash), workspaceId);
      if (!(await parts.links.takeDownload(open.tokenHash))) throw usedUp();
      return createFile(parts, open, { folderId, name: known.data, manifest });
    },
  };
}

/** @throws forbidden, not_found where the link's maker may not change the folder */
async function requireWriter(
  { authorisation }: LinkUploadParts,
  { caller }: OpenLink,
  workspaceId: WorkspaceId,
): Promise<void> {
  await authorisation.requireWorkspace({ ...caller, right: "files.write" }, workspaceId);
}

/** Before bytes are read; the count is taken with the file. */
function requireRoom({ link: { downloads, maxDownloads } }: OpenLink): void {
  if (maxDownloads !== null && downloads >= maxDownloads) throw usedUp();
}

function usedUp(): ProblemError {
  return new ProblemError("forbidden", "this link took as many files as it may");
}

/** @throws bad_request, quota_exceeded */
async function storeContent(
  { transfer }: LinkUploadParts,
  workspaceId: WorkspaceId,
  { sizeBytes, pieces }: Pick<UploadedFile, "sizeBytes" | "pieces">,
): Promise<ManifestChunk[]> {
  const manifest = await storeStream(transfer, workspaceId, { pieces, sizeBytes });
  if (manifestSizeBytes(manifest) !== sizeBytes) throw new ProblemError("bad_request", "the file did not come whole");
  return manifest;
}

async function createFile(
  parts: LinkUploadParts,
  { link }: OpenLink,
  file: { readonly folderId: EntryId; readonly name: string; readonly manifest: readonly ManifestChunk[] },
): Promise<TakenFile> {
  const { tree, publish, host } = parts;
  const workspaceId = workspaceOfEntry(file.folderId);
  const content = {
    version_hash: versionHash(file.manifest, sha256),
    size: manifestSizeBytes(file.manifest),
    chunks: Buffer.from(encodeManifest(file.manifest)).toString("base64"),
    modified: formatTimestamp(host.nowMs()),
    executable: false,
  };
  for (let n = 1; n <= maxNameTries; n += 1) {
    const name = numberedName(file.name, n);
    const id = makeEntryId(workspaceId, host.randomBytes(idPartBytes));
    const outcome = await tree.commit({
      workspaceId,
      // In the name of whoever made the link; no device of theirs did it.
      author: { accountId: link.accountId, deviceId: null },
      seenSequence: 0,
      operations: [{ op: "create_file", id, parent_id: file.folderId, name, content }],
      idempotency: undefined,
      nowMs: host.nowMs(),
    });
    publish({ workspaceId, origin: null, outcome, carried: [] });
    const [result] = outcome.results;
    if (result?.status === "done") return { id, name };
    if (result?.code !== "name_taken") throw refusalOf(result);
  }
  throw new ProblemError("name_taken", "there are too many files of this name");
}

function refusalOf(result: CommitResult | undefined): Error {
  if (result?.status !== "failed") return new Error("a commit of one operation has no result");
  return new ProblemError(result.code, result.detail);
}
