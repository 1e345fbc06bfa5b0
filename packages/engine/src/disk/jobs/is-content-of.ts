import { decodeManifest, ManifestError } from "@satchel/chunking";
import type { VersionHash } from "@satchel/protocol";
import { sha256 } from "./open-chunker.ts";
import { hashOfHashes } from "./packed-chunks.ts";

/** Whether the bytes are what the chunk list says, and the chunk list what the version hash says. */
export function isContentOf(content: {
  readonly bytes: Uint8Array;
  readonly packedChunks: Uint8Array;
  readonly versionHash: VersionHash;
}): boolean {
  try {
    const chunks = decodeManifest(content.packedChunks);
    return hashOfHashes(content.packedChunks) === content.versionHash && hasChunks(content.bytes, chunks);
  } catch (error) {
    if (error instanceof ManifestError) return false;
    throw error;
  }
}

function hasChunks(bytes: Uint8Array, chunks: ReturnType<typeof decodeManifest>): boolean {
  let at = 0;
  for (const { hash, sizeBytes } of chunks) {
    if (sha256(bytes.subarray(at, at + sizeBytes)) !== hash) return false;
    at += sizeBytes;
  }
  return at === bytes.length;
}
