import { hash as digest } from "node:crypto";
import type { ChunkHash } from "@satchel/protocol";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import { ChunkCorruptError } from "../../storage/chunks/chunk-store-errors.ts";

/** What reading needs of a chunk store. */
export type ReadableChunks = Pick<ChunkStore, "get">;

export type ChunkFault = "chunk_missing" | "chunk_corrupt" | "chunk_size";

/** Reads a chunk, `holder`'s own copy where it has one, and says what is wrong with it; undefined where nothing is. */
export async function findChunkFault(
  chunks: ReadableChunks,
  { hash, sizeBytes }: { hash: ChunkHash; sizeBytes: number },
  holder?: string,
): Promise<ChunkFault | undefined> {
  try {
    const [bytes] = await chunks.get([hash], undefined, holder);
    if (!bytes) return "chunk_missing";
    if (digest("sha256", bytes, "hex") !== hash) return "chunk_corrupt";
    return bytes.length === sizeBytes ? undefined : "chunk_size";
  } catch (error) {
    if (error instanceof ChunkCorruptError) return "chunk_corrupt";
    throw error;
  }
}
