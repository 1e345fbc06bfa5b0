/** What an answer holds besides its chunks: their sizes in text. */
const maxHeadBytes = 64 * 1024;
/** Chunks of one bundle. */
const maxChunkBytes = 4 * 1024 * 1024;
/** Less is not worth memory of its own. */
const minChunkBytes = 64 * 1024;
/** As many as bundles are asked for at one time. */
const maxIdle = 3;

/**
 * Memory for answers with many chunks, used again and again: what comes from the server is received here, and read here by the threads that write files. Buffers of each answer's own
 * would be pages that were never touched, for the answer and for every copy of it (docs/decisions/0009-memory-of-chunks.md).
 */
export class BundleMemory {
  readonly #idle: SharedArrayBuffer[] = [];

  /** Room for so many bytes of chunks in one answer; undefined where that is not worth it, or not enough. */
  lend(chunkBytes: number): Uint8Array<SharedArrayBuffer> | undefined {
    if (chunkBytes < minChunkBytes || chunkBytes > maxChunkBytes) return undefined;
    return new Uint8Array(this.#idle.pop() ?? new SharedArrayBuffer(maxChunkBytes + maxHeadBytes));
  }

  /** When nobody reads or writes there any more. After a failure that is not known: the memory is then left to the collector. */
  giveBack(memory: Uint8Array<SharedArrayBuffer> | undefined): void {
    if (memory !== undefined && this.#idle.length < maxIdle) this.#idle.push(memory.buffer);
  }

  /** Lets go of what waits for its next use. */
  rest(): void {
    this.#idle.length = 0;
  }
}
