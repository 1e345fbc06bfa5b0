import { decodeManifest, manifestSizeBytes, type Manifest } from "@satchel/chunking";
import { ProblemError, workspaceOfEntry, type EntryId, type VersionId } from "@satchel/protocol";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { ChunkTransfer } from "../chunks/chunk-transfer.ts";

/** Which bytes of a content: from `start` up to, and without, `end`. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

export interface FileContent {
  readonly name: string;
  readonly versionId: VersionId;
  readonly sizeBytes: number;
  /** The bytes of the span, in order, read as they are taken: at most two chunks are in memory. */
  read(span: ByteSpan): AsyncGenerator<Uint8Array, void>;
}

export interface Content {
  /** Of the latest version, or of an old one. @throws not_found */
  open(caller: Caller, file: { id: EntryId; versionId: VersionId | undefined }): Promise<FileContent>;
}

export function createContent({
  authorisation,
  tree,
  transfer,
}: {
  readonly authorisation: Authorisation;
  readonly tree: TreeStore;
  readonly transfer: ChunkTransfer;
}): Content {
  return {
    async open(caller, { id: reference, versionId }) {
      const id = await authorisation.requireEntry(caller, reference);
      const found = await tree.findEntry(id);
      const version = versionId ?? found?.entry.version_id;
      if (!version || (found && found.entry.type !== "file"))
        throw new ProblemError("not_found", "there is no such file");
      const packed = version === found?.entry.version_id ? found.packedChunks : await oldManifest(tree, id, version);
      const name = found?.entry.name ?? (await tree.pathOf(id))?.split("/").at(-1) ?? "file";
      const manifest = decodeManifest(packed);
      return {
        name,
        versionId: version,
        sizeBytes: manifestSizeBytes(manifest),
        read: (span) => readSpan(transfer, manifest, span),
      };
    },
  };
}

async function oldManifest(tree: TreeStore, id: EntryId, versionId: VersionId): Promise<Uint8Array> {
  const [packed] = await tree.manifests(workspaceOfEntry(id), [{ id, versionId }]);
  if (!packed) throw new ProblemError("not_found", "there is no such version");
  return packed;
}

async function* readSpan(
  transfer: ChunkTransfer,
  manifest: Manifest,
  { start, end }: ByteSpan,
): AsyncGenerator<Uint8Array, void> {
  let offset = 0;
  const wanted = manifest.flatMap((chunk) => {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, chunk.sizeBytes);
    offset += chunk.sizeBytes;
    return from < to ? [{ hash: chunk.hash, from, to }] : [];
  });
  let next = wanted[0] && readAhead(transfer, wanted[0]);
  for (let index = 0; next; index += 1) {
    const current: Promise<Uint8Array> = next;
    const following = wanted[index + 1];
    const bytes = await current;
    next = following && readAhead(transfer, following);
    yield bytes;
  }
}

/** Starts to read; whoever awaits it is told of a failure, and nobody else when the reader went away. */
function readAhead(
  transfer: ChunkTransfer,
  { hash, from, to }: { hash: Manifest[number]["hash"]; from: number; to: number },
): Promise<Uint8Array> {
  const read = transfer.read([hash]).then(([bytes]) => (bytes as Uint8Array).subarray(from, to));
  read.catch(() => undefined);
  return read;
}
