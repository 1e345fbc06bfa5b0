import { ChunkStoreBusyError } from "../chunk-store-errors.ts";

interface Waiter {
  readonly sizeBytes: number;
  readonly enter: () => void;
}

/** Bounds the bytes under way: who comes when there is no room waits in line, and when the line is full is sent away. */
export class InFlightBytes {
  readonly #maxBytes: number;
  readonly #maxWaiting: number;
  readonly #line: Waiter[] = [];
  #bytes = 0;

  constructor(options: { readonly maxBytes: number; readonly maxWaiting: number }) {
    this.#maxBytes = options.maxBytes;
    this.#maxWaiting = options.maxWaiting;
  }

  /** Resolves when there is room. Something larger than the bound goes alone. Pair with `leave`. */
  async enter(sizeBytes: number): Promise<void> {
    if (this.#line.length === 0 && this.#fits(sizeBytes)) {
      this.#bytes += sizeBytes;
      return;
    }
    if (this.#line.length >= this.#maxWaiting) throw new ChunkStoreBusyError();
    await new Promise<void>((enter) => this.#line.push({ sizeBytes, enter }));
  }

  leave(sizeBytes: number): void {
    this.#bytes -= sizeBytes;
    for (let next = this.#line[0]; next !== undefined && this.#fits(next.sizeBytes); next = this.#line[0]) {
      this.#line.shift();
      this.#bytes += next.sizeBytes;
      next.enter();
    }
  }

  #fits(sizeBytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + sizeBytes <= this.#maxBytes;
  }
}
