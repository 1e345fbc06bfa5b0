import { randomBytes } from "node:crypto";
import type { PlacedChunk } from "../../metadata/chunk-place-store.ts";
import type { ChunkBytes } from "../chunk-store.ts";
import { compressChunk } from "../disk/compress-chunk.ts";

/** A chunk as it will lie in an object. */
export interface LaidChunk {
  readonly hash: PlacedChunk["hash"];
  /** See PlacedChunk. */
  readonly holder: string;
  readonly plainBytes: number;
  readonly bytes: Uint8Array;
  readonly isCompressed: boolean;
}

/** From this size on a chunk is an object of its own: for S3 a request costs more than a byte. */
export const minOwnObjectBytes = 1024 * 1024;

/** Compressed where that pays. */
export function layChunk({ hash, bytes }: ChunkBytes, holder: string): LaidChunk {
  const compressed = compressChunk(bytes);
  return {
    hash,
    holder,
    plainBytes: bytes.byteLength,
    bytes: compressed ?? bytes,
    isCompressed: compressed !== undefined,
  };
}

/** An object that holds these chunks one after the other, under a name that was never used. */
export function layOutObject(chunks: readonly LaidChunk[]) {
  const key = objectKey();
  let offset = 0;
  const places = chunks.map(({ hash, holder, plainBytes, bytes, isCompressed }): PlacedChunk => {
    const place = { hash, holder, objectKey: key, offset, storedBytes: bytes.byteLength, plainBytes, isCompressed };
    offset += bytes.byteLength;
    return place;
  });
  const [only] = chunks;
  const bytes = chunks.length === 1 && only ? only.bytes : Buffer.concat(chunks.map((chunk) => chunk.bytes));
  return { key, bytes, places };
}

/** A name that was never used. Random from its first letter on, so that S3 can spread the load over its partitions. */
export function objectKey(): string {
  return randomBytes(16).toString("hex");
}
