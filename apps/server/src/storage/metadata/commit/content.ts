import { hash } from "node:crypto";
import {
  decodeManifest,
  manifestSizeBytes,
  ManifestError,
  versionHash,
  type Manifest,
  type ManifestChunk,
} from "@satchel/chunking";
import { parseTimestamp, type ChunkHash, type CommittedContent, type VersionHash } from "@satchel/protocol";

/** What a version is made of. */
export interface VersionContent {
  readonly versionHash: VersionHash;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly executable: boolean;
  readonly linkTarget: string | null;
  readonly packedChunks: Uint8Array;
  /** Each chunk once, whatever its number of places. */
  readonly distinctChunks: readonly ManifestChunk[];
}

const noChunks = new Uint8Array(0);

/** The content as it was sent, with its manifest unpacked; undefined when hash, size and chunks don't belong together. */
export function findFileContent(content: CommittedContent): VersionContent | undefined {
  const packedChunks = Buffer.from(content.chunks, "base64");
  const manifest = decodeOrUndefined(packedChunks);
  if (!manifest || manifestSizeBytes(manifest) !== content.size) return undefined;
  if (versionHash(manifest, sha256) !== content.version_hash) return undefined;
  return {
    versionHash: content.version_hash,
    sizeBytes: content.size,
    modifiedMs: parseTimestamp(content.modified),
    executable: content.executable,
    linkTarget: null,
    packedChunks,
    distinctChunks: distinctChunks(manifest),
  };
}

/** A link's version is named by the SHA-256 of its target, and has no chunks. */
export function linkContent(link: { readonly target: string; readonly modifiedMs: number }): VersionContent {
  const target = Buffer.from(link.target, "utf8");
  return {
    versionHash: sha256(target) as string as VersionHash,
    sizeBytes: target.length,
    modifiedMs: link.modifiedMs,
    executable: false,
    linkTarget: link.target,
    packedChunks: noChunks,
    distinctChunks: [],
  };
}

export function distinctChunks(manifest: Manifest): readonly ManifestChunk[] {
  if (manifest.length < 2) return manifest;
  const byHash = new Map<ChunkHash, ManifestChunk>();
  for (const chunk of manifest) byHash.set(chunk.hash, chunk);
  return [...byHash.values()];
}

function decodeOrUndefined(packed: Uint8Array): ManifestChunk[] | undefined {
  try {
    return decodeManifest(packed);
  } catch (error) {
    if (error instanceof ManifestError) return undefined;
    throw error;
  }
}

function sha256(bytes: Uint8Array): ChunkHash {
  return hash("sha256", bytes, "hex") as ChunkHash;
}
