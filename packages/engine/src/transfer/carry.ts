import type { ChunkHash, VersionHash } from "@satchel/protocol";
import { singleChunkContentHash } from "../state/manifest-store.ts";

/** The most bytes of small files kept between reading and committing them. */
const maxCarriedBytes = 24 * 1024 * 1024;

/** Bytes of small files that were just read, or just pushed by the server, so that they need not be read or asked for again. Oldest go first; what is gone costs a second reading, no more. */
export class Carry {
  readonly #bytes = new Map<VersionHash, Uint8Array>();
  #total = 0;

  put(contentHash: VersionHash, bytes: Uint8Array): void {
    this.drop(contentHash);
    this.#bytes.set(contentHash, bytes);
    this.#total += bytes.length;
    for (const [oldest, old] of this.#bytes) {
      if (this.#total <= maxCarriedBytes) break;
      this.#bytes.delete(oldest);
      this.#total -= old.length;
    }
  }

  /** Bytes of a chunk that the server pushed. Most small files are a single chunk, and are then at hand by their content. */
  putChunk(chunk: ChunkHash, bytes: Uint8Array): void {
    this.put(singleChunkContentHash(chunk), bytes);
  }

  find(contentHash: VersionHash): Uint8Array | undefined {
    return this.#bytes.get(contentHash);
  }

  drop(contentHash: VersionHash): void {
    const bytes = this.#bytes.get(contentHash);
    if (!bytes) return;
    this.#bytes.delete(contentHash);
    this.#total -= bytes.length;
  }
}
