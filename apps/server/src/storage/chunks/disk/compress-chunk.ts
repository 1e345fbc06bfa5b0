import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { looksRandom } from "./looks-random.ts";

/** How much of a chunk's start is tried, where it doesn't look random: some 70 µs, where all of 512 KiB would cost 300 µs. */
const sampleBytes = 4 * 1024;
/** Up to this size the whole is tried at once: a sample first would cost as much. */
const maxUnsampledBytes = 16 * 1024;
/** A sample must shrink below this part of itself for the whole to be compressed, and the whole below it to be stored so. */
const worthwhileRatio = 0.8;
const worthwhileWholeRatio = 0.95;
/** Below this next to nothing is gained, for the tenth of a millisecond that setting up a compressor and clearing it away takes. */
const minBytes = 512;

const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** The chunk under zstd level 1, or undefined where that does not pay. */
export function compressChunk(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.byteLength < minBytes || looksRandom(bytes)) return undefined;
  if (bytes.byteLength > maxUnsampledBytes) {
    const sample = zstdCompressSync(bytes.subarray(0, sampleBytes), level);
    if (sample.byteLength > sampleBytes * worthwhileRatio) return undefined;
  }
  const whole = zstdCompressSync(bytes, level);
  return whole.byteLength < bytes.byteLength * worthwhileWholeRatio ? whole : undefined;
}

/** @throws when the bytes are not zstd, or give more than `plainBytes`. */
export function decompressChunk(bytes: Uint8Array, plainBytes: number): Buffer {
  return zstdDecompressSync(bytes, { maxOutputLength: plainBytes });
}
