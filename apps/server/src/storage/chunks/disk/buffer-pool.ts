/** The most memory that is kept for reuse. */
const maxKeptBytes = 64 * 1024 * 1024;

/**
 * Buffers that are used again. Memory from the system costs its first touch, page by page: for chunks of 512 KiB, kept until they are
 * on disk, that was more time than their encryption.
 */
export class BufferPool {
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;

  /** A buffer of at least this size, with anything in it. */
  take(minBytes: number): Buffer {
    const at = this.#kept.findLastIndex((buffer) => buffer.length >= minBytes);
    const [buffer] = at === -1 ? [] : this.#kept.splice(at, 1);
    if (buffer === undefined) return Buffer.allocUnsafeSlow(roundUp(minBytes));
    this.#keptBytes -= buffer.length;
    return buffer;
  }

  /** Gives a buffer back. Its user must not touch it any more. */
  give(buffer: Buffer): void {
    if (this.#keptBytes + buffer.length > maxKeptBytes) return;
    this.#keptBytes += buffer.length;
    this.#kept.push(buffer);
  }
}

/** To the next quarter of a power of two, so that buffers of like sizes serve for each other. */
function roundUp(sizeBytes: number): number {
  const step = 2 ** Math.max(12, Math.ceil(Math.log2(sizeBytes)) - 2);
  return Math.ceil(sizeBytes / step) * step;
}
