import { maxChunkSizeBytes } from "./max-chunk-size.ts";
import { ManifestError } from "./manifest-error.ts";
import { maxManifestChunks } from "./manifest.ts";

/**
 * The chunk sizes of a file whose sender doesn't name them: pieces of 4 MiB, the last one the rest; none for an empty file.
 * @throws RangeError when the size is no whole number; ManifestError when that makes more than `maxManifestChunks`.
 */
export function fixedPieceSizes(sizeBytes: number): number[] {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new RangeError(`${sizeBytes} is no file size`);
  const count = Math.ceil(sizeBytes / maxChunkSizeBytes);
  if (count > maxManifestChunks) {
    throw new ManifestError("manifest_too_long", `${count} chunks are more than ${maxManifestChunks}`);
  }
  return Array.from({ length: count }, (_, index) =>
    Math.min(maxChunkSizeBytes, sizeBytes - index * maxChunkSizeBytes),
  );
}
