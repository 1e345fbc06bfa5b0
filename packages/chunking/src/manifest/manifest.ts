import type { ChunkHash } from "@satchel/protocol";

/** One chunk of a version. */
export interface ManifestChunk {
  readonly hash: ChunkHash;
  /** 1 to 4 MiB (`maxChunkSizeBytes`). */
  readonly sizeBytes: number;
}

/** The chunks of one version, in order. Empty for an empty file. */
export type Manifest = readonly ManifestChunk[];

/** The most chunks that one version may have: 4 TiB of the largest. */
export const maxManifestChunks = 1024 * 1024;

/** The size of the content that the manifest describes. */
export function manifestSizeBytes(manifest: Manifest): number {
  return manifest.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
}
