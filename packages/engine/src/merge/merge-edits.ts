import { isTransient } from "@satchel/api-client";
import { decodeManifest } from "@satchel/chunking";
import { ProblemError, type Cursor, type EntryId, type VersionHash, type VersionId } from "@satchel/protocol";
import { cutBytes } from "../disk/jobs/cut-bytes.ts";
import { DiskError, type CutFile, type Disk } from "../ports/disk.ts";
import type { FileContent } from "../transfer/commit-operation.ts";
import { commitAll, type CommitContext } from "../transfer/commit-queue.ts";
import { downloadIntact } from "../transfer/download-intact.ts";
import type { ConflictingEdits, MergeBook } from "./merge-book.ts";
import { mergeBytes } from "./merge-bytes.ts";

export interface MergeContext extends CommitContext {
  readonly disk: Disk;
  readonly mergeBook: MergeBook;
  readonly lookAgain: (path: string) => void;
  readonly onProblem: (id: EntryId, path: string, error: DiskError) => void;
}

/**
 * Merges a file that was edited on both sides, on the server: in one step this device's content becomes a version, and the merge the one after it. The disk isn't touched. It has, from then on, what both sides agreed on, and the
 * merge comes to it like any version of somebody else's. So a crash at any moment loses nothing, and what is written meanwhile is merged in turn. What can't be merged is given up, and becomes a conflicted copy in the next plan. [EN110] [EN111]
 *
 * @throws the api-client's errors
 */
export async function mergeEdits(context: MergeContext, asked: AskedMerge): Promise<void> {
  try {
    await tryToMerge(context, asked);
  } catch (error) {
    // The base may be pruned at this very moment; and a server that is older than this device doesn't know what a merge is.
    if (!(error instanceof ProblemError) || isTransient(error)) throw error;
    context.mergeBook.giveUp(asked.edits);
  }
}

interface AskedMerge {
  readonly edits: ConflictingEdits;
  /** Up to where the feed was known when they were found. */
  readonly seen: Cursor;
}

async function tryToMerge(context: MergeContext, { edits, seen }: AskedMerge): Promise<void> {
  const { id, base, local, remote } = edits;
  const mine = await readMine(context, edits);
  if (!mine) return;
  const [before, theirs] = await readVersions(context, [
    { id, versionId: base.versionId, contentHash: base.contentHash },
    { id, versionId: remote.versionId, contentHash: remote.contentHash },
  ]);
  const merged = mergeBytes(local.name, { base: before, mine: mine.bytes, theirs });
  if (!merged) return context.mergeBook.giveUp(edits);
  const merge = keep(context, { ...cutBytes(merged), bytes: merged }, mergedAttributes(edits));
  keep(context, mine, local);
  if (!isAsItWas(context, edits)) return;
  const plan = { do: "merge_remote", id, commonVersionId: base.versionId, mine: mine.versionHash, merge } as const;
  await commitAll(context, { operations: [{ plan, baseVersionId: remote.versionId }], seen });
}

interface ReadContent {
  readonly versionHash: VersionHash;
  readonly packedChunks: Uint8Array;
  readonly bytes: Uint8Array;
}

/** What the disk has, if that is still what the plan saw. */
async function readMine(
  { state, disk, mergeBook, lookAgain, onProblem }: MergeContext,
  edits: ConflictingEdits,
): Promise<ReadContent | undefined> {
  const { id, local } = edits;
  const path = state.localPath(id);
  if (path === undefined) return undefined;
  const [read] = await disk.reader.readSmall([path]);
  const file: CutFile | undefined = read instanceof DiskError ? undefined : read;
  if (file?.bytes && file.versionHash === local.contentHash) return { ...file, bytes: file.bytes };
  // Other bytes, though size, times and inode say that nothing changed: no look at the disk would tell of them.
  if (file && file.stat.fingerprint === local.fingerprint) mergeBook.giveUp(edits);
  else if (read instanceof DiskError && read.code !== "changed" && read.code !== "gone") onProblem(id, path, read);
  else {
    // Whatever it is by now, it has to be read before anything is decided of it.
    state.mark(id);
    lookAgain(path);
  }
  return undefined;
}

interface AskedVersion {
  readonly id: EntryId;
  readonly versionId: VersionId | null;
  readonly contentHash: VersionHash | null;
}

/** The bytes of two versions; undefined for one that is pruned or damaged. */
async function readVersions(
  context: MergeContext,
  versions: readonly [AskedVersion, AskedVersion],
): Promise<[Uint8Array | undefined, Uint8Array | undefined]> {
  const [base, latest] = versions;
  return [await readVersion(context, base), await readVersion(context, latest)];
}

async function readVersion(
  { manifests, server, carry, meter }: MergeContext,
  { id, versionId, contentHash }: AskedVersion,
): Promise<Uint8Array | undefined> {
  if (contentHash === null) return undefined;
  const carried = carry.find(contentHash);
  if (carried) return carried;
  const known = manifests.findPacked(contentHash);
  const [packed] = known || versionId === null ? [known] : await server.manifests([{ id, versionId }]);
  if (!packed) return undefined;
  const chunks = decodeManifest(packed);
  const pieces = chunks.length === 0 ? [] : await downloadIntact(server, chunks);
  const whole = pieces.filter((piece) => typeof piece !== "string");
  if (whole.length < chunks.length) return undefined;
  meter.received(whole.reduce((sum, piece) => sum + piece.length, 0));
  return Buffer.concat(whole);
}

/** The later time, and the mode of the side that changed it. */
function mergedAttributes({ base, local, remote }: ConflictingEdits): Pick<FileContent, "modifiedMs" | "executable"> {
  const executable = local.executable === base.executable ? remote.executable : local.executable;
  return { modifiedMs: Math.max(local.modifiedMs, remote.modifiedMs), executable };
}

/** Keeps a content at hand for the commit, and the merge for when it comes to the disk. */
function keep(
  { manifests, carry }: MergeContext,
  { versionHash, packedChunks, bytes }: ReadContent,
  { modifiedMs, executable }: Pick<FileContent, "modifiedMs" | "executable">,
): FileContent {
  manifests.keep(versionHash, packedChunks);
  if (bytes.length > 0) carry.put(versionHash, bytes);
  return { contentHash: versionHash, sizeBytes: bytes.length, modifiedMs, executable };
}

/** What came meanwhile is decided on by the next plan. */
function isAsItWas({ state }: MergeContext, { id, base, local, remote }: ConflictingEdits): boolean {
  const now = { base: state.synced.find(id), local: state.local.find(id), remote: state.remote.find(id) };
  const isSame =
    now.base?.contentHash === base.contentHash &&
    now.base?.versionId === base.versionId &&
    now.remote?.versionId === remote.versionId &&
    now.local?.content === "known" &&
    now.local.contentHash === local.contentHash &&
    now.local.modifiedMs === local.modifiedMs &&
    now.local.executable === local.executable;
  if (!isSame) state.mark(id);
  return isSame;
}
