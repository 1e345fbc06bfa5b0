import { hash } from "node:crypto";
import { chooseLevel, createChunker, maxManifestChunks, type Level, type ManifestChunk } from "@satchel/chunking";
import { maxBundleBytes, parseChunkHash, ProblemError, type ChunkHash, type WorkspaceId } from "@satchel/protocol";
import type { ChunkBytes } from "../../storage/chunks/chunk-store.ts";
import type { ChunkTransfer } from "./chunk-transfer.ts";

/** Bytes that are stored together while a file comes in: with the cutter's buffer, all that is in memory of it. */
const batchBytes = Math.min(maxBundleBytes, 4 * 1024 * 1024);

/** A file on its way in, from somebody who doesn't cut it. */
export interface IncomingContent {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** As far as it is known; only how coarsely it is cut depends on it. */
  readonly sizeBytes: number;
  /** What its last version was cut with, so that what stayed is not stored again. */
  readonly previousLevel?: Level | undefined;
  /** The most chunks that it may become; what a manifest holds, if left out. */
  readonly maxChunks?: number;
}

/** Cuts the content as devices do, and stores it as it comes, so that the sender is no faster than the store. @throws quota_exceeded, body_too_large */
export async function storeStream(
  transfer: Pick<ChunkTransfer, "store">,
  workspaceId: WorkspaceId,
  { pieces, sizeBytes, previousLevel, maxChunks = maxManifestChunks }: IncomingContent,
): Promise<ManifestChunk[]> {
  const manifest: ManifestChunk[] = [];
  let batch: ChunkBytes[] = [];
  let waiting = 0;
  const flush = async (): Promise<void> => {
    const full = batch;
    [batch, waiting] = [[], 0];
    if (full.length > 0) await transfer.store(workspaceId, full);
  };
  const cut = createChunker().cutStream({ pieces, level: chooseLevel(sizeBytes, previousLevel), hash: sha256 });
  for await (const chunk of cut) {
    // Of a content that doesn't say how long it is, which is cut finely, nobody knows before.
    if (manifest.length >= maxChunks) throw new ProblemError("body_too_large", "the file is too long to come this way");
    if (waiting + chunk.sizeBytes > batchBytes) await flush();
    manifest.push({ hash: chunk.hash, sizeBytes: chunk.sizeBytes });
    batch.push({ hash: chunk.hash, bytes: chunk.bytes.slice() });
    waiting += chunk.sizeBytes;
  }
  await flush();
  return manifest;
}

/** How chunks and versions are named. */
export function sha256(bytes: Uint8Array): ChunkHash {
  return parseChunkHash(hash("sha256", bytes, "hex"));
}
