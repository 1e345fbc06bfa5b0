import { z } from "zod";

/** The largest chunk, in bytes (4 MiB). The smallest is one byte. */
export const maxChunkSizeBytes = 4 * 1024 * 1024;

const pattern = /^[0-9a-f]{64}$/;

/** The name of a chunk, or of a whole content: a SHA-256 in lower-case hex. */
export const chunkHashSchema = z.string().regex(pattern).brand<"ChunkHash">();
export type ChunkHash = z.infer<typeof chunkHashSchema>;

/** SHA-256, in lower-case hex, over the concatenated binary hashes of a version's chunks. Equal for equal chunk lists. */
export const versionHashSchema = z.string().regex(pattern).brand<"VersionHash">();
export type VersionHash = z.infer<typeof versionHashSchema>;

/** @throws RangeError when the text is not 64 lower-case hex digits. */
export function parseChunkHash(text: string): ChunkHash {
  if (!pattern.test(text)) throw new RangeError("a chunk hash is 64 lower-case hex digits");
  return text as ChunkHash;
}
