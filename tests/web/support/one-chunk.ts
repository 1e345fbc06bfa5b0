import { hash } from "node:crypto";
import { encodeManifest, versionHash } from "@satchel/chunking";
import type { ChunkHash, CommittedContent } from "@satchel/protocol";

/** A content of one chunk, which the commit carries along. */
export function oneChunk(bytes: Uint8Array): CommittedContent {
  const manifest = [{ hash: hash("sha256", bytes) as ChunkHash, sizeBytes: bytes.length }];
  return {
    version_hash: versionHash(manifest, (whole) => hash("sha256", whole)),
    size: bytes.length,
    chunks: encodeManifest(manifest).toBase64(),
    modified: "2026-01-02T03:04:05.678Z",
    executable: false,
  };
}
