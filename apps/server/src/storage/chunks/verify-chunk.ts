import { hash as digest } from "node:crypto";
import { maxChunkSizeBytes } from "@satchel/chunking";
import { maxChunksPerCall } from "./chunk-store.ts";
import type { ChunkBytes } from "./chunk-store.ts";
import { ChunkMismatchError } from "./chunk-store-errors.ts";

/** Throws ChunkMismatchError unless the bytes are within the bounds and have the hash. */
export function verifyChunk({ hash, bytes }: ChunkBytes): void {
  const inBounds = bytes.byteLength >= 1 && bytes.byteLength <= maxChunkSizeBytes;
  if (!inBounds || digest("sha256", bytes, "hex") !== hash) throw new ChunkMismatchError(hash);
}

/** Throws RangeError when one call names, or asks for, more than `maxChunksPerCall`. */
export function checkCallSize(count: number): void {
  if (count > maxChunksPerCall) throw new RangeError(`one call may name ${maxChunksPerCall} chunks at most`);
}
