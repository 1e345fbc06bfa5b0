import { hash } from "node:crypto";
import { createChunker, type Chunker } from "@satchel/chunking";
import type { ChunkHash } from "@satchel/protocol";

/** Chunkers that are kept for the next file, each with up to 8 MiB of memory. */
const maxIdle = 2;

const idle: Chunker[] = [];

/** A chunker of this thread that cuts nothing else now. Close it for the next file. */
export function openChunker(): { chunker: Chunker; close: () => void } {
  const chunker = idle.pop() ?? createChunker();
  return {
    chunker,
    close: () => {
      if (idle.length < maxIdle) idle.push(chunker);
    },
  };
}

/** SHA-256, in lower-case hex. */
export function sha256(bytes: Uint8Array): ChunkHash {
  return hash("sha256", bytes, "hex") as ChunkHash;
}
