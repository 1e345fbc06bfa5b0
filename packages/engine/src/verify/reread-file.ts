import { hash } from "node:crypto";
import { decodeManifest } from "@satchel/chunking";
import { maxChunkSizeBytes } from "@satchel/protocol";
import { DiskError, type Disk } from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord, StateStore } from "../state/state-store.ts";

/** So much of a file is read at a time. */
const maxReadBytes = 8 * 1024 * 1024;

export interface RereadContext {
  readonly state: StateStore;
  readonly disk: Disk;
  readonly manifests: ManifestStore;
  readonly server: Server;
}

interface PlacedChunk {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly hash: string;
}

/**
 * Whether the bytes on the disk are those of the content that the books tell; undefined when that can't be found out now (the file changed, or its chunk list is nowhere).
 *
 * @throws what the server's calls throw
 */
export async function rereadFile(context: RereadContext, record: LocalRecord): Promise<boolean | undefined> {
  const path = context.state.localPath(record.id);
  if (path === undefined || record.contentHash === null || record.content === "unknown") return undefined;
  try {
    if (
      record.sizeBytes <= maxChunkSizeBytes &&
      (await isOneChunk(context, record.contentHash, path, record.sizeBytes))
    )
      return true;
    const chunks = await findChunks(context, record);
    if (chunks === undefined) return undefined;
    for (const batch of batches(chunks)) {
      const pieces = await context.disk.reader.readChunks(path, batch);
      if (pieces.some((piece, index) => hash("sha256", piece, "hex") !== batch[index]?.hash))
        return await isSame(context, record, path);
    }
    return true;
  } catch (error) {
    if (error instanceof DiskError) return await isSame(context, record, path);
    throw error;
  }
}

/** A content of one chunk is named by the hash of its hash: its chunk list need not be known. */
async function isOneChunk(
  { disk }: RereadContext,
  contentHash: string,
  path: string,
  sizeBytes: number,
): Promise<boolean> {
  const pieces = sizeBytes === 0 ? [] : await disk.reader.readChunks(path, [{ offset: 0, sizeBytes }]);
  const hashes = pieces.map((piece) => hash("sha256", piece, "buffer"));
  return hash("sha256", Buffer.concat(hashes), "hex") === contentHash;
}

/** Wrong bytes count only if the file is the one that was read before: false then, else undefined. */
async function isSame({ disk }: RereadContext, record: LocalRecord, path: string): Promise<false | undefined> {
  try {
    const stat = await disk.stat(path);
    return stat?.fingerprint === record.fingerprint ? false : undefined;
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}

async function findChunks(context: RereadContext, record: LocalRecord): Promise<PlacedChunk[] | undefined> {
  const packed =
    (record.contentHash && context.manifests.findPacked(record.contentHash)) ?? (await askServer(context, record));
  if (!packed) return undefined;
  let offset = 0;
  return decodeManifest(packed).map(({ hash: chunkHash, sizeBytes }) => {
    const placed = { offset, sizeBytes, hash: chunkHash };
    offset += sizeBytes;
    return placed;
  });
}

async function askServer({ state, server }: RereadContext, record: LocalRecord): Promise<Uint8Array | undefined> {
  const remote = state.remote.find(record.id);
  if (!remote?.versionId || remote.contentHash !== record.contentHash) return undefined;
  const [packed] = await server.manifests([{ id: record.id, versionId: remote.versionId }]);
  return packed;
}

function* batches(chunks: readonly PlacedChunk[]): Iterable<PlacedChunk[]> {
  let batch: PlacedChunk[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    if (batch.length > 0 && bytes + chunk.sizeBytes > maxReadBytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(chunk);
    bytes += chunk.sizeBytes;
  }
  if (batch.length > 0) yield batch;
}
