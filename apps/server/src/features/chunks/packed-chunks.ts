import { decodeManifest, ManifestError, type ManifestChunk } from "@satchel/chunking";
import { FrameError, ProblemError, splitFrameBody } from "@satchel/protocol";
import type { ChunkBytes } from "../../storage/chunks/chunk-store.ts";

/** Reads the base64 of packed chunks. @throws bad_request when it isn't that, or names more than `maxChunks`. */
export function parsePackedChunks(base64: string, maxChunks: number): ManifestChunk[] {
  try {
    const chunks = decodeManifest(Buffer.from(base64, "base64"));
    if (chunks.length > maxChunks)
      throw new ProblemError("bad_request", `${chunks.length} chunks are more than ${maxChunks}`);
    return chunks;
  } catch (error) {
    if (error instanceof ManifestError) throw new ProblemError("bad_request", error.message);
    throw error;
  }
}

/** Each chunk with its part of the body. @throws hash_mismatch when the sizes don't add up to the body. */
export function pairChunks(chunks: readonly ManifestChunk[], body: Uint8Array): ChunkBytes[] {
  try {
    const pieces = splitFrameBody(
      body,
      chunks.map((chunk) => chunk.sizeBytes),
    );
    return chunks.map(({ hash }, index) => ({ hash, bytes: pieces[index] as Uint8Array }));
  } catch (error) {
    if (error instanceof FrameError) throw new ProblemError("hash_mismatch", error.message);
    throw error;
  }
}
