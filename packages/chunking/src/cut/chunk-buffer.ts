import { createCutter, type Cutter } from "./cutter.ts";
import { maximumSizeBytes, type Level } from "./levels.ts";
import type { Scanner } from "./scanner.ts";

/** Read at most this much at once: what has just been read is still in the processor's cache when it is scanned. */
export const readSizeBytes = 128 * 1024;

/** Buffers are this many times the largest chunk, so that what is left over rarely has to be moved to the front. */
const buffersPerChunk = 2;

/**
 * One file on its way through the scanner's buffer: bytes go in at the end, whole chunks come out, and what is left
 * moves to the front when the end is reached. It holds 512 KiB at level 0 and 8 MiB at level 4, however large the file.
 */
export class ChunkBuffer {
  readonly #buffer: Uint8Array<ArrayBuffer>;
  readonly #cutter: Cutter;
  #start = 0;
  #filledTo = 0;
  #isLast = false;

  constructor(options: { level: Level; scanner: Scanner }) {
    const sizeBytes = buffersPerChunk * maximumSizeBytes(options.level);
    this.#buffer = options.scanner.reserve(sizeBytes).subarray(0, sizeBytes);
    this.#cutter = createCutter(options);
  }

  /**
   * Where to put the file's next bytes; then say {@link added}. Take all finished chunks before asking: their bytes may
   * be overwritten from here on.
   */
  room(): Uint8Array<ArrayBuffer> {
    if (this.#filledTo + readSizeBytes > this.#buffer.length) {
      this.#buffer.copyWithin(0, this.#start, this.#filledTo);
      this.#cutter.moved(this.#start);
      this.#filledTo -= this.#start;
      this.#start = 0;
    }
    return this.#buffer.subarray(this.#filledTo, this.#filledTo + readSizeBytes);
  }

  /** So many bytes were put into the room; 0 ends the file. */
  added(countBytes: number): void {
    if (!Number.isInteger(countBytes) || countBytes < 0 || countBytes > readSizeBytes) {
      throw new RangeError(`a read returned ${countBytes} for ${readSizeBytes} bytes of room`);
    }
    this.#filledTo += countBytes;
    this.#isLast = countBytes === 0;
  }

  /** The next chunk that is complete, as a view of the buffer, or undefined. */
  takeChunk(): Uint8Array<ArrayBuffer> | undefined {
    const end = this.#cutter.findEnd({ buffer: this.#buffer, filledTo: this.#filledTo, isLast: this.#isLast });
    if (end < 0) return undefined;
    const chunk = this.#buffer.subarray(this.#start, end);
    this.#start = end;
    return chunk;
  }
}
