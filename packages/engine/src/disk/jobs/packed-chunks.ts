import { packedChunkBytes } from "@satchel/chunking";
import type { ChunkHash, VersionHash } from "@satchel/protocol";
import { sha256 } from "./open-chunker.ts";

const hashBytes = 32;

/** A chunk list as it grows, packed as it is sent: 36 bytes a chunk, and no object for each. */
export interface PackedChunkList {
  add(hash: ChunkHash, sizeBytes: number): void;
  finish(): { packedChunks: Uint8Array<ArrayBuffer>; versionHash: VersionHash };
}

export function createPackedChunkList(): PackedChunkList {
  let packed = Buffer.alloc(packedChunkBytes);
  let length = 0;
  return {
    add(hash, sizeBytes) {
      if (length === packed.length) packed = Buffer.concat([packed], packed.length * 2);
      packed.write(hash, length, hashBytes, "hex");
      packed.writeUInt32BE(sizeBytes, length + hashBytes);
      length += packedChunkBytes;
    },
    finish() {
      const packedChunks = new Uint8Array(packed.subarray(0, length));
      return { packedChunks, versionHash: hashOfHashes(packedChunks) };
    },
  };
}

/** The version hash of a packed chunk list. */
export function hashOfHashes(packedChunks: Uint8Array): VersionHash {
  const count = packedChunks.length / packedChunkBytes;
  const hashes = new Uint8Array(count * hashBytes);
  for (let index = 0; index < count; index += 1) {
    const at = index * packedChunkBytes;
    hashes.set(packedChunks.subarray(at, at + hashBytes), index * hashBytes);
  }
  return sha256(hashes) as string as VersionHash;
}
