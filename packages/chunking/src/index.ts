export { createChunker, type Chunker, type CutChunk, type Read } from "./cut/chunker.ts";
export { chooseLevel, estimateLevel, maximumSizeBytes, minimumSizeBytes, type Level } from "./cut/levels.ts";
export { fixedPieceSizes } from "./manifest/fixed-pieces.ts";
export { ManifestError, type ManifestErrorCode } from "./manifest/manifest-error.ts";
export { manifestSizeBytes, maxManifestChunks, type Manifest, type ManifestChunk } from "./manifest/manifest.ts";
export { decodeManifest, encodeManifest, packedChunkBytes } from "./manifest/packed-manifest.ts";
export { versionHash } from "./manifest/version-hash.ts";
export { maxChunkSizeBytes } from "./manifest/max-chunk-size.ts";
