/** Memory for the time of one request. What it is given back after may be anybody's. */
export interface Loan {
  readonly bytes: Uint8Array;
  /** The same bytes, where they are memory that other threads may fill. */
  readonly shared: Uint8Array<SharedArrayBuffer> | undefined;
  /** After the last look at the bytes. Doing it again does nothing. */
  giveBack(): void;
}

export interface LentMemoryBounds {
  /** A loan of more gets memory of its own. */
  readonly maxLoanBytes: number;
  /** A loan of less does as well: it is not worth a whole block. */
  readonly minLoanBytes: number;
  /** Blocks that wait for their next loan. */
  readonly maxIdleBlocks: number;
  /** A block that was not wanted for so long is let go. */
  readonly idleMs: number;
}

/**
 * Blocks of shared memory for bodies of requests, used again and again: other threads read them in place, and their pages are
 * touched for the first time only once (docs/decisions/0009-memory-of-chunks.md).
 */
export class LentMemory {
  readonly #bounds: LentMemoryBounds;
  /** The one that was used last is at the end: it is still in the processor's cache. */
  readonly #idle: { readonly block: SharedArrayBuffer; readonly sinceMs: number }[] = [];
  #sweep: NodeJS.Timeout | undefined;

  constructor(bounds: LentMemoryBounds) {
    this.#bounds = bounds;
  }

  /** The bytes hold whatever the last loan left in them. */
  lend(sizeBytes: number): Loan {
    const { minLoanBytes, maxLoanBytes } = this.#bounds;
    if (sizeBytes < minLoanBytes || sizeBytes > maxLoanBytes) {
      return { bytes: new Uint8Array(sizeBytes), shared: undefined, giveBack: () => {} };
    }
    const block = this.#idle.pop()?.block ?? new SharedArrayBuffer(maxLoanBytes);
    const bytes = new Uint8Array(block, 0, sizeBytes);
    let isLent = true;
    return {
      bytes,
      shared: bytes,
      giveBack: () => {
        if (isLent) this.#keep(block);
        isLent = false;
      },
    };
  }

  #keep(block: SharedArrayBuffer): void {
    if (this.#idle.length >= this.#bounds.maxIdleBlocks) return;
    this.#idle.push({ block, sinceMs: performance.now() });
    if (this.#sweep === undefined) this.#sweepLater();
  }

  #sweepLater(): void {
    this.#sweep = setTimeout(() => this.#letGo(), this.#bounds.idleMs).unref();
  }

  #letGo(): void {
    this.#sweep = undefined;
    const oldest = performance.now() - this.#bounds.idleMs;
    while (this.#idle[0] !== undefined && this.#idle[0].sinceMs <= oldest) this.#idle.shift();
    if (this.#idle.length > 0) this.#sweepLater();
  }
}
