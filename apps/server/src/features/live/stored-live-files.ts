import { hash } from "node:crypto";
import {
  chooseLevel,
  createChunker,
  decodeManifest,
  encodeManifest,
  manifestSizeBytes,
  versionHash,
  type ManifestChunk,
} from "@satchel/chunking";
import {
  conflictName,
  formatTimestamp,
  idPartBytes,
  makeEntryId,
  maxPushedBytes,
  parseChunkHash,
  ProblemError,
  rootEntryId,
  workspaceOfEntry,
  type ChunkHash,
  type CommitOperation,
  type CommitResult,
  type EntryId,
  type VersionId,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { ChunkBytes } from "../../storage/chunks/chunk-store.ts";
import type { HistoryStore } from "../../storage/metadata/history-store.ts";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { ChunkTransfer } from "../chunks/chunk-transfer.ts";
import { numberedName } from "../links/numbered-name.ts";
import type { Quarantine } from "../malware/quarantine.ts";
import type { PublishCommit } from "../sync/commit-publisher.ts";
import type { FileLook, LiveFiles, PreparedText } from "./live-files.ts";
import type { Typist } from "./live-record.ts";
import { maxSessionBytes, readText, writeText } from "./text-file.ts";

/** So many of the latest versions are looked through for one of a session's own. */
const maxLookedThrough = 1000;
/** So many names in a row may be taken. */
const maxNameTries = 100;

export interface StoredFilesParts {
  readonly tree: TreeStore;
  readonly history: HistoryStore;
  readonly transfer: ChunkTransfer;
  readonly quarantine: Pick<Quarantine, "requireFreeVersions">;
  readonly publish: PublishCommit;
  readonly host: Host;
}

/** Files of the server's tree: versions of a session are commits like any other, and reach devices like any other. */
export function storedLiveFiles(parts: StoredFilesParts): LiveFiles {
  return {
    look: (fileId) => look(parts, fileId),
    async findVersion(fileId, { versionHash: wanted, since }) {
      const { versions } = await parts.history.listVersions({
        id: fileId,
        after: undefined,
        limit: maxLookedThrough,
      });
      const from = versions.findIndex(({ version }) => version === since);
      return versions.slice(0, from < 0 ? undefined : from).find(({ version_hash: found }) => found === wanted)
        ?.version;
    },
    async prepare(text) {
      const bytes = writeText(text);
      return { bytes, versionHash: versionHash(await cut(bytes), sha256) };
    },
    async write(fileId, { content, base, typists, holder }) {
      const found = await parts.tree.findEntry(fileId);
      if (found?.entry.type !== "file") return { refused: "not_found" };
      const operation = { op: "edit_file", id: fileId, base_version_id: base } as const;
      const executable = found.entry.executable;
      const result = await commit(parts, fileId, { content, typists, executable, operation, holder });
      if (result.status === "failed") return { refused: result.code };
      if (!result.version_id) throw new Error("a file was committed without a version");
      return { versionId: result.version_id };
    },
    setAside: (fileId, aside) => setAside(parts, fileId, aside),
  };
}

async function look(parts: StoredFilesParts, fileId: EntryId): Promise<FileLook> {
  const found = await parts.tree.findEntry(fileId);
  if (found?.entry.type !== "file" || !found.entry.version_id || !found.entry.version_hash) return { status: "gone" };
  const { version_id: versionId, version_hash: hashOfIt } = found.entry;
  const manifest = decodeManifest(found.packedChunks);
  if (manifestSizeBytes(manifest) > maxSessionBytes) return { status: "not_text" };
  const bytes = await readFree(parts, { fileId, versionId, manifest });
  const read = bytes && readText(bytes);
  return read ? { status: "text", versionId, versionHash: hashOfIt, ...read } : { status: "not_text" };
}

/** Undefined for what malware was found in: it is nobody's to edit. [WK40] */
async function readFree(
  { transfer, quarantine }: StoredFilesParts,
  {
    fileId,
    versionId,
    manifest,
  }: { readonly fileId: EntryId; readonly versionId: VersionId; readonly manifest: readonly ManifestChunk[] },
): Promise<Uint8Array | undefined> {
  const workspaceId = workspaceOfEntry(fileId);
  const hashes = manifest.map(({ hash: name }) => name);
  try {
    await quarantine.requireFreeVersions(workspaceId, [versionId]);
    return Buffer.concat(hashes.length === 0 ? [] : await transfer.read(workspaceId, hashes));
  } catch (error) {
    if (error instanceof ProblemError && error.code === "content_quarantined") return undefined;
    throw error;
  }
}

type Operation =
  | { readonly op: "edit_file"; readonly id: EntryId; readonly base_version_id: VersionId }
  | {
      readonly op: "create_file";
      readonly id: EntryId;
      readonly parent_id: EntryId;
      readonly name: string;
      readonly conflict_of?: EntryId;
    };

/** In the name of who typed last, and of all others who typed since the version before. @throws unavailable when another process has the session by now */
async function commit(
  parts: StoredFilesParts,
  fileId: EntryId,
  request: {
    readonly content: PreparedText;
    readonly typists: readonly Typist[];
    readonly executable: boolean;
    readonly operation: Operation;
    readonly holder: string;
  },
): Promise<CommitResult> {
  const { tree, transfer, publish, host } = parts;
  const { content, typists, executable, operation, holder } = request;
  const workspaceId = workspaceOfEntry(fileId);
  const last = typists.at(-1);
  if (!last) throw new Error("nobody typed what is to be written");
  const chunks = await cut(content.bytes);
  try {
    await transfer.store(
      workspaceId,
      chunks.map(({ bytes, hash: name }) => ({ hash: name, bytes: bytes.slice() })),
    );
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "quota_exceeded") throw error;
    return { status: "failed", code: error.code, detail: error.message };
  }
  const described = {
    version_hash: content.versionHash,
    size: content.bytes.length,
    chunks: Buffer.from(encodeManifest(chunks)).toString("base64"),
    modified: formatTimestamp(host.nowMs()),
    executable,
  };
  const outcome = await tree.commit({
    workspaceId,
    author: {
      accountId: last.accountId,
      deviceId: last.deviceId,
      alsoBy: typists.map(({ accountId }) => accountId).toReversed(),
    },
    heldBy: { fileId, holder },
    seenSequence: 0,
    operations: [{ ...operation, content: described } satisfies CommitOperation],
    idempotency: undefined,
    nowMs: host.nowMs(),
  });
  publish({
    workspaceId,
    origin: null,
    outcome,
    carried: content.bytes.length <= maxPushedBytes ? chunks : [],
  });
  const [result] = outcome.results;
  if (!result) throw new Error("a commit of one operation has no result");
  return result;
}

/** A file that was deleted comes back, in its folder or else in the root; beside one that is no text any more a conflicted copy of it is made. */
async function setAside(
  parts: StoredFilesParts,
  fileId: EntryId,
  { content, typists, session, holder }: Parameters<LiveFiles["setAside"]>[1],
): Promise<void> {
  const workspaceId = workspaceOfEntry(fileId);
  const found = await parts.tree.findEntry(fileId);
  const names = (found?.path ?? (await parts.tree.pathOf(fileId)) ?? "/text.txt").split("/").slice(1);
  const name = names.at(-1) ?? "text.txt";
  // The same id for the same text, so that a repetition finds that it is done.
  const seed = hash("sha256", `${fileId}\n${session}\n${content.versionHash}`, "buffer");
  const id = found ? makeEntryId(workspaceId, seed.subarray(0, idPartBytes)) : fileId;
  const parentId = (await parts.tree.resolvePath(workspaceId, names.slice(0, -1))) ?? rootEntryId(workspaceId);
  const conflict = found && { conflict_of: fileId };
  for (let n = 1; n <= maxNameTries; n += 1) {
    const free = found ? conflictName(name, n) : numberedName(name, n);
    const operation = {
      op: "create_file",
      id,
      parent_id: parentId,
      name: free,
      ...conflict,
    } as const;
    const result = await commit(parts, fileId, { content, typists, executable: false, operation, holder });
    if (result.status === "done" || result.code === "id_taken") return;
    if (result.code !== "name_taken") throw new ProblemError(result.code, result.detail);
  }
  throw new ProblemError("name_taken", "there is no place for what was typed");
}

async function cut(bytes: Uint8Array): Promise<(ManifestChunk & ChunkBytes)[]> {
  const chunks: (ManifestChunk & ChunkBytes)[] = [];
  const pieces = (async function* () {
    yield bytes;
  })();
  for await (const chunk of createChunker().cutStream({
    pieces,
    level: chooseLevel(bytes.length),
    hash: sha256,
  }))
    chunks.push({ hash: chunk.hash, sizeBytes: chunk.sizeBytes, bytes: chunk.bytes.slice() });
  return chunks;
}

function sha256(bytes: Uint8Array): ChunkHash {
  return parseChunkHash(hash("sha256", bytes, "hex"));
}
