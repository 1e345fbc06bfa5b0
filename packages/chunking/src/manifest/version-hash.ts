import type { ChunkHash, VersionHash } from "@satchel/protocol";
import type { Manifest } from "./manifest.ts";
import { concatenateHashes } from "./packed-manifest.ts";

/**
 * The name of a whole content: SHA-256 over the concatenated binary hashes of its chunks; for an empty file, over nothing.
 * `sha256` answers in lower-case hex. Two ways to cut the same bytes have different version hashes.
 * @throws ManifestError when a hash isn't one.
 */
export function versionHash(manifest: Manifest, sha256: (bytes: Uint8Array<ArrayBuffer>) => ChunkHash): VersionHash {
  return sha256(concatenateHashes(manifest)) as string as VersionHash;
}
