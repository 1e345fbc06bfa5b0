import type { Disk, FileChunk } from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import { groupBySize } from "./group-by-size.ts";
import type { TransferMeter } from "./transfer-meter.ts";

/** Chunks asked about in one question. */
const chunksPerQuestion = 64;
/** The most bytes in one bundle, unless a chunk is larger. With {@link maxBundlesInFlight}, what an interruption costs: nobody knows what became of a bundle that is on its way. [EN133] */
const maxBundleBytes = 3 * 1024 * 1024;
/** Bundles on their way at one time. */
const maxBundlesInFlight = 3;

/** Sends those chunks of one file that the server is missing, while the file is still being cut. */
export class ChunkUploader {
  readonly #parts: { disk: Disk; server: Server; meter: TransferMeter };
  readonly #path: string;
  #offered: FileChunk[] = [];
  readonly #sending = new Set<Promise<void>>();
  /** Memory of bundles that were sent, for the next ones: {@link maxBundlesInFlight} pieces at most. */
  readonly #idle: Uint8Array<SharedArrayBuffer>[] = [];
  /** What went wrong with the bundles so far, first things first. */
  readonly #failures: unknown[] = [];

  constructor(parts: { disk: Disk; server: Server; meter: TransferMeter }, path: string) {
    this.#parts = parts;
    this.#path = path;
  }

  /** Takes the next chunks of the file; resolves when there is room for more. */
  async offer(chunks: readonly FileChunk[]): Promise<void> {
    this.#offered.push(...chunks);
    while (this.#offered.length >= chunksPerQuestion) await this.#ask(this.#offered.splice(0, chunksPerQuestion));
  }

  /** Resolves when the server has every chunk that was offered. */
  async finish(): Promise<void> {
    if (this.#offered.length > 0) await this.#ask(this.#offered.splice(0));
    await this.settle();
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #ask(chunks: FileChunk[]): Promise<void> {
    const positions = await this.#parts.server.missingChunks(chunks);
    const missing = [
      ...new Map(positions.flatMap((position) => chunks[position] ?? []).map((chunk) => [chunk.hash, chunk])).values(),
    ];
    for (const bundle of groupBySize(missing, ({ sizeBytes }) => sizeBytes, { maxBytes: maxBundleBytes })) {
      while (this.#sending.size >= maxBundlesInFlight) await Promise.race(this.#sending);
      if (this.#failures.length > 0) throw this.#failures[0];
      const sending = this.#send(bundle)
        .catch((error: unknown) => void this.#failures.push(error))
        .finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
    }
  }

  async #send(bundle: FileChunk[]): Promise<void> {
    const { disk, server, meter } = this.#parts;
    const sizeBytes = bundle.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
    const memory = this.#memoryFor(sizeBytes);
    const bytes = await disk.reader.readChunks(this.#path, bundle, memory);
    await server.uploadChunks(bundle.map((chunk, index) => ({ ...chunk, bytes: bytes[index] ?? new Uint8Array() })));
    this.#idle.push(memory);
    meter.sent(sizeBytes);
  }

  #memoryFor(sizeBytes: number): Uint8Array<SharedArrayBuffer> {
    const found = this.#idle.pop();
    if (found !== undefined && found.length >= sizeBytes) return found;
    // Half a bundle or more comes of a large file, and the next ones will be of any size up to the bound.
    return new Uint8Array(
      new SharedArrayBuffer(sizeBytes * 2 < maxBundleBytes ? sizeBytes : Math.max(sizeBytes, maxBundleBytes)),
    );
  }
}
