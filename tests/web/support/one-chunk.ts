import { hash } from "node:crypto";
import { encodeManifest, versionHash } from "@satchel/chunking";
import type { ChunkHash, CommittedContent } from "@satchel/protocol";

/** A content of one chunk, which the commit carries along. */
export function oneChunk(bytes: Uint8Array): CommittedContent {
  const sha256 = (whole: Uint8Array) => hash("sha256", whole) as ChunkHash;
  const manifest = [{ hash: sha256(bytes), sizeBytes: bytes.length }];
  return {
    version_hash: versionHash(manifest, sha256),
    size: bytes.length,
    chunks: encodeManifest(manifest).toBase64(),
    modified: "2026-01-02T03:04:05.678Z",
    executable: false,
  };
}
