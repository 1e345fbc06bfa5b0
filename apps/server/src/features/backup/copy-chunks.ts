import type { ChunkHash } from "@satchel/protocol";
import type { ChunkBytes, ChunkStore } from "../../storage/chunks/chunk-store.ts";
import { ChunkCorruptError } from "../../storage/chunks/chunk-store-errors.ts";

/** A chunk that something refers to. */
export interface NeededChunk {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
}

export interface CopiedChunks {
  readonly chunks: number;
  readonly bytes: number;
  /** What the source does not have, or has damaged. */
  readonly lost: readonly ChunkHash[];
}

/** The most plaintext that is in memory at one time. */
const maxGroupBytes = 16 * 1024 * 1024;

/** Copies those of the chunks that `to` doesn't have. Every chunk is verified when it is read and when it is stored. */
export async function copyChunks(
  needed: readonly NeededChunk[],
  { from, to }: { readonly from: Pick<ChunkStore, "get">; readonly to: Pick<ChunkStore, "touch" | "put"> },
): Promise<CopiedChunks> {
  const distinct = [...new Map(needed.map((chunk) => [chunk.hash, chunk])).values()];
  const present = await to.touch(distinct.map(({ hash }) => hash));
  const lost: ChunkHash[] = [];
  let [chunks, bytes] = [0, 0];
  for (const group of groupsOf(distinct.filter((_, index) => !present[index]))) {
    const found: ChunkBytes[] = [];
    for (const { hash, bytes: content } of await readEach(from, group)) {
      if (content === undefined) lost.push(hash);
      else found.push({ hash, bytes: content });
    }
    chunks += found.length;
    bytes += found.reduce((sum, chunk) => sum + chunk.bytes.byteLength, 0);
    await to.put(found);
  }
  return { chunks, bytes, lost };
}

/** All at once; one by one where a damaged one among them is in the way of the others. */
async function readEach(from: Pick<ChunkStore, "get">, group: readonly NeededChunk[]) {
  const hashes = group.map(({ hash }) => hash);
  try {
    return (await from.get(hashes)).map((bytes, index) => ({ hash: hashes[index] as ChunkHash, bytes }));
  } catch (error) {
    if (!(error instanceof ChunkCorruptError)) throw error;
  }
  const read: { hash: ChunkHash; bytes: Uint8Array | undefined }[] = [];
  for (const hash of hashes) {
    const [bytes] = await from.get([hash]).catch((error: unknown) => {
      if (error instanceof ChunkCorruptError) return [undefined];
      throw error;
    });
    read.push({ hash, bytes });
  }
  return read;
}

function groupsOf(chunks: readonly NeededChunk[]): NeededChunk[][] {
  const groups: NeededChunk[][] = [];
  let bytes = maxGroupBytes;
  for (const chunk of chunks) {
    if (bytes + chunk.sizeBytes > maxGroupBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(chunk);
    bytes += chunk.sizeBytes;
  }
  return groups;
}
