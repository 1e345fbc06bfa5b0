import type { ChunkHash } from "@satchel/protocol";
import type { ChunkBytes, ChunkStore, ChunkStoreStatistics, StoredChunk } from "./chunk-store.ts";
import { ChunkStoreFailedError } from "./chunk-store-errors.ts";
import { checkCallSize, verifyChunk } from "./verify-chunk.ts";

interface HeldChunk {
  readonly bytes: Uint8Array;
  putAtMs: number;
}

/** A chunk store for tests and the simulator: in memory, no threads, no clock but the one it is given, each call done in one step. */
export class MemoryChunkStore implements ChunkStore {
  readonly #now: () => number;
  readonly #chunks = new Map<ChunkHash, HeldChunk>();
  #closed = false;

  /** `now` gives milliseconds; only its order matters. */
  constructor(options: { readonly now: () => number }) {
    this.#now = options.now;
  }

  async put(chunks: readonly ChunkBytes[]): Promise<void> {
    this.#begin(chunks.length);
    for (const chunk of chunks) verifyChunk(chunk);
    for (const { hash, bytes } of chunks) {
      if (!this.#touch(hash)) this.#chunks.set(hash, { bytes: new Uint8Array(bytes), putAtMs: this.#now() });
    }
  }

  async get(hashes: readonly ChunkHash[]): Promise<(Uint8Array | undefined)[]> {
    this.#begin(hashes.length);
    return hashes.map((hash) => this.#chunks.get(hash)?.bytes.slice());
  }

  async has(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    this.#begin(hashes.length);
    return hashes.map((hash) => this.#chunks.has(hash));
  }

  async touch(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    this.#begin(hashes.length);
    return hashes.map((hash) => this.#touch(hash));
  }

  async list({ after, limit }: { after: ChunkHash | undefined; limit: number }): Promise<StoredChunk[]> {
    this.#begin(limit);
    const later = [...this.#chunks].filter(([hash]) => after === undefined || hash > after);
    later.sort(([a], [b]) => (a < b ? -1 : 1));
    return later.slice(0, limit).map(([hash, { bytes, putAtMs }]) => ({ hash, sizeBytes: bytes.byteLength, putAtMs }));
  }

  async removeUntouchedSince({
    hashes,
    sinceMs,
  }: {
    hashes: readonly ChunkHash[];
    sinceMs: number;
  }): Promise<ChunkHash[]> {
    this.#begin(hashes.length);
    return hashes.filter((hash) => {
      const held = this.#chunks.get(hash);
      return held !== undefined && held.putAtMs < sinceMs && this.#chunks.delete(hash);
    });
  }

  async compact(): Promise<{ freedBytes: number }> {
    this.#begin(0);
    return { freedBytes: 0 };
  }

  async statistics(): Promise<ChunkStoreStatistics> {
    this.#begin(0);
    let bytes = 0;
    for (const held of this.#chunks.values()) bytes += held.bytes.byteLength;
    return { chunks: this.#chunks.size, plainBytes: bytes, storedBytes: bytes, occupiedBytes: bytes };
  }

  failure(): Error | undefined {
    return this.#closed ? new ChunkStoreFailedError("the chunk store is closed") : undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #begin(count: number): void {
    if (this.#closed) throw new ChunkStoreFailedError("the chunk store is closed");
    checkCallSize(count);
  }

  #touch(hash: ChunkHash): boolean {
    const held = this.#chunks.get(hash);
    if (held !== undefined) held.putAtMs = Math.max(held.putAtMs, this.#now());
    return held !== undefined;
  }
}
