import type { ChunkHash } from "@satchel/protocol";

/** The chunk hash of a column, which keeps its 32 bytes and not their letters. */
export function hashOfBytes(bytes: Uint8Array): ChunkHash {
  return bytes.toHex() as ChunkHash;
}
