import type { ChunkHash } from "@satchel/protocol";
import { maxChunkSizeBytes } from "./max-chunk-size.ts";
import { ManifestError } from "./manifest-error.ts";
import { maxManifestChunks, type Manifest, type ManifestChunk } from "./manifest.ts";

const hashBytes = 32;
const hashPattern = /^[0-9a-f]{64}$/;

/** Bytes that one chunk takes in a packed manifest: its binary hash, and its size as a big-endian 32-bit number. */
export const packedChunkBytes = hashBytes + 4;

/** @throws ManifestError when there are too many chunks, or one's size or hash is out of bounds. */
export function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  checkChunkCount(manifest.length);
  const packed = new Uint8Array(manifest.length * packedChunkBytes);
  const view = new DataView(packed.buffer);
  manifest.forEach(({ hash, sizeBytes }, index) => {
    const at = index * packedChunkBytes;
    packed.set(decodeHash(hash, index), at);
    view.setUint32(at + hashBytes, checkSize(sizeBytes, index));
  });
  return packed;
}

/** @throws ManifestError when the length is no multiple of 36, there are too many chunks, or one's size is out of bounds. */
export function decodeManifest(packed: Uint8Array): ManifestChunk[] {
  if (packed.length % packedChunkBytes !== 0) {
    throw new ManifestError("manifest_length", `${packed.length} bytes are no whole number of packed chunks`);
  }
  const count = packed.length / packedChunkBytes;
  checkChunkCount(count);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: count }, (_, index) => {
    const at = index * packedChunkBytes;
    const hash = packed.subarray(at, at + hashBytes).toHex() as ChunkHash;
    return { hash, sizeBytes: checkSize(view.getUint32(at + hashBytes), index) };
  });
}

/** The hashes of the manifest's chunks, binary, one after the other. @throws ManifestError as {@link encodeManifest}. */
export function concatenateHashes(manifest: Manifest): Uint8Array<ArrayBuffer> {
  checkChunkCount(manifest.length);
  const hashes = new Uint8Array(manifest.length * hashBytes);
  manifest.forEach(({ hash }, index) => hashes.set(decodeHash(hash, index), index * hashBytes));
  return hashes;
}

function decodeHash(hash: ChunkHash, index: number): Uint8Array {
  if (!hashPattern.test(hash))
    throw new ManifestError("manifest_hash", `chunk ${index} is not named by 64 lower-case hex digits`);
  return Uint8Array.fromHex(hash);
}

function checkSize(sizeBytes: number, index: number): number {
  if (Number.isInteger(sizeBytes) && sizeBytes >= 1 && sizeBytes <= maxChunkSizeBytes) return sizeBytes;
  throw new ManifestError(
    "manifest_chunk_size",
    `chunk ${index} has ${sizeBytes} bytes, not 1 to ${maxChunkSizeBytes}`,
  );
}

function checkChunkCount(count: number): void {
  if (count > maxManifestChunks) {
    throw new ManifestError("manifest_too_long", `${count} chunks are more than ${maxManifestChunks}`);
  }
}
