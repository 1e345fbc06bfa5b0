import { decodeManifest, packedChunkBytes } from "@satchel/chunking";
import {
  formatTimestamp,
  idPartBytes,
  makeEntryId,
  maxCommitOperations,
  maxEntriesPerPage,
  rootEntryId,
  workspaceOfEntry,
  type CommitOperation,
  type CommittedContent,
  type EntryId,
  type EntryState,
} from "@satchel/protocol";
import type { Caller } from "../authorisation/authorisation.ts";
import { commitAll } from "./dav-commit.ts";
import { DavError } from "./dav-error.ts";
import type { DavParts } from "./dav-parts.ts";

/** The most files and folders that one request copies. */
export const maxCopiedEntries = 100_000;
/** The most chunks in the manifests of one commit, unless one file has more. */
const maxChunksPerCommit = 100_000;
/** What a chunk of a manifest takes in base64. */
const base64ChunkLength = (packedChunkBytes * 4) / 3;

/** An entry and what it becomes. */
export interface Copied {
  readonly from: EntryState;
  readonly to: EntryId;
}

export interface CopyRequest {
  readonly from: EntryState;
  /** What is in it, where that is elsewhere: a mount's is in the shared workspace. Undefined for a file. */
  readonly contents: EntryId | undefined;
  readonly parentId: EntryId;
  readonly name: string;
  /** Only the folder itself. */
  readonly isShallow: boolean;
  /** Done in the same transaction as the first of the copy. */
  readonly before: readonly CommitOperation[];
}

/**
 * Makes the copy as new entries of the same chunks: no bytes are read. A folder comes level by level, 1,000 entries to a transaction. @throws quota_exceeded, name_taken, limit of {@link maxCopiedEntries}
 */
export async function copyTree(parts: DavParts, caller: Caller, request: CopyRequest): Promise<Copied[]> {
  const { from, parentId, name, isShallow } = request;
  const workspaceId = workspaceOfEntry(parentId);
  const newId = () => makeEntryId(workspaceId, parts.host.randomBytes(idPartBytes));
  const top = { from, to: newId() };
  const copied: Copied[] = [top];
  const [first] = await createOperations(parts, { made: [{ ...top, name }], parentId });
  if (!first) throw new Error("there is nothing to copy");
  await commitAll(parts, caller, { workspaceId, operations: [...request.before, first] });
  const folders = request.contents !== undefined && !isShallow ? [{ contents: request.contents, to: top.to }] : [];
  for (let folder = folders.shift(); folder; folder = folders.shift()) {
    for await (const page of pagesOf(parts, folder.contents)) {
      const made = page.map((entry) => ({ from: entry, to: newId(), name: entry.name }));
      copied.push(...made);
      if (copied.length > maxCopiedEntries)
        throw new DavError(507, `one request copies at most ${maxCopiedEntries} files and folders`);
      await commitPage(parts, caller, { made, parentId: folder.to });
      for (const { from: entry, to } of made)
        if (entry.type === "folder") folders.push({ contents: await contentsOf(parts, caller, entry), to });
    }
  }
  return copied;
}

/** What is in a mount is copied as well. */
async function contentsOf({ authorisation }: DavParts, caller: Caller, { id, mounts }: EntryState): Promise<EntryId> {
  if (mounts === undefined) return id;
  await authorisation.requireWorkspace({ ...caller, right: "files.read" }, mounts);
  return rootEntryId(mounts);
}

/** What is in a folder, at most 1,000 entries at a time. */
export async function* pagesOf(
  { metadata: { tree } }: DavParts,
  folderId: EntryId,
): AsyncGenerator<readonly EntryState[]> {
  let after: string | undefined;
  do {
    const { entries, next } = await tree.listFolder({ folderId, after, limit: maxEntriesPerPage });
    if (entries.length > 0) yield entries;
    after = next ?? undefined;
  } while (after !== undefined);
}

type Made = Copied & { readonly name: string };

interface MadeIn {
  readonly made: readonly Made[];
  readonly parentId: EntryId;
}

async function commitPage(parts: DavParts, caller: Caller, { made, parentId }: MadeIn): Promise<void> {
  const workspaceId = workspaceOfEntry(parentId);
  let [operations, chunks]: [CommitOperation[], number] = [[], 0];
  const flush = async (): Promise<void> => {
    const full = operations;
    [operations, chunks] = [[], 0];
    if (full.length > 0) await commitAll(parts, caller, { workspaceId, operations: full });
  };
  for (const operation of await createOperations(parts, { made, parentId })) {
    const more = "content" in operation ? operation.content.chunks.length / base64ChunkLength : 0;
    if (operations.length >= maxCommitOperations || chunks + more > maxChunksPerCommit) await flush();
    operations.push(operation);
    chunks += more;
  }
  await flush();
}

async function createOperations(parts: DavParts, { made, parentId }: MadeIn): Promise<CommitOperation[]> {
  const contents = await contentsFor(parts, { files: made.map(({ from }) => from), parentId });
  return made.map(({ from, to, name }) => {
    const place = { id: to, parent_id: parentId, name };
    if (from.type === "folder") return { op: "create_folder", ...place };
    if (from.type === "link")
      return { op: "create_link", ...place, link_target: from.link_target ?? "", modified: from.modified ?? "" };
    const content = contents.get(from.id);
    if (!content) throw new DavError(404, "a file is gone that was to be copied");
    return { op: "create_file", ...place, content };
  });
}

/**
 * The same contents in the other's workspace, which holds their chunks from now on: whoever asks for it may read them. Of what are no files, nothing. @throws quota_exceeded
 */
export async function contentsFor(
  { metadata, quota, host }: DavParts,
  { files, parentId }: { readonly files: readonly EntryState[]; readonly parentId: EntryId },
): Promise<ReadonlyMap<EntryId, CommittedContent>> {
  const wanted = files.flatMap((file) => (file.version_id ? [{ file, versionId: file.version_id }] : []));
  const [first] = wanted;
  if (!first) return new Map();
  const [source, target] = [workspaceOfEntry(first.file.id), workspaceOfEntry(parentId)];
  const manifests = await metadata.tree.manifests(
    source,
    wanted.map(({ file, versionId }) => ({ id: file.id, versionId })),
  );
  const contents = new Map<EntryId, CommittedContent>();
  for (const [index, { file }] of wanted.entries()) {
    const packed = manifests[index];
    if (!packed || file.type !== "file" || !file.version_hash) continue;
    if (source !== target) {
      const chunks = decodeManifest(packed);
      await quota.admit(target, chunks);
      await metadata.ledger.grant(target, chunks, host.nowMs());
    }
    contents.set(file.id, {
      version_hash: file.version_hash,
      size: file.size,
      chunks: Buffer.from(packed).toString("base64"),
      modified: file.modified ?? formatTimestamp(host.nowMs()),
      executable: file.executable,
    });
  }
  return contents;
}
