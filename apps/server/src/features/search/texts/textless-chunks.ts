import type { ChunkHash } from "@satchel/protocol";
import type { ChunkBytes } from "../../../storage/chunks/chunk-store.ts";
import { isNoText } from "./extract/decode-text.ts";

/** Chunks that are remembered: what a busy server is brought until names are indexed. Some 130 bytes each. */
const maxRemembered = 32_768;

/**
 * Chunks that no text begins with, by a look at them as they are brought: so that most of what is no text is never fetched to find that out. It may forget, and knows nothing of what came through other processes: whoever asks reads what isn't known.
 */
export interface TextlessChunks {
  /** From now on somebody asks: before, nothing is looked at. */
  begin(): void;
  /** Looks at chunks while they can be; they count once the function that it returns is called, when they are known to be what their hashes say. */
  look(chunks: readonly ChunkBytes[]): () => void;
  has(chunk: ChunkHash): boolean;
  /** Nobody will ask for what came so far. */
  forget(): void;
}

export function createTextlessChunks(limit = maxRemembered): TextlessChunks {
  const remembered = new Set<ChunkHash>();
  let isAsked = false;
  return {
    begin() {
      isAsked = true;
    },
    look(chunks) {
      const textless = isAsked ? chunks.filter(({ bytes }) => isNoText(bytes)).map((chunk) => chunk.hash) : [];
      return () => {
        for (const chunk of textless) remembered.add(chunk);
        for (const oldest of remembered) {
          if (remembered.size <= limit) return;
          remembered.delete(oldest);
        }
      };
    },
    has: (chunk) => remembered.has(chunk),
    forget: () => remembered.clear(),
  };
}
