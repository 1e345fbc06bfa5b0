import type { ChunkHash } from "@satchel/protocol";
import type { ChunkBytes, ChunkStore, ChunkStoreStatistics, PutBehalf, StoredChunk } from "../chunk-store.ts";
import { ChunkCorruptError, ChunkStoreFailedError } from "../chunk-store-errors.ts";
import { checkCallSize } from "../verify-chunk.ts";
import { readSoundCopies } from "../read-sound-copies.ts";
import { handOver } from "./hand-over.ts";
import { InFlightBytes } from "./in-flight-bytes.ts";
import { ThreadClient } from "./thread-client.ts";

export interface ThreadedChunkStoreOptions {
  /** The store's own directory; made when missing. The caller sees to it that one process at a time has it open. */
  readonly directory: string;
  /** 32 bytes; see `openMasterKeyFile`. */
  readonly masterKey: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Bytes of puts that are under way at a time; more puts wait in line. */
  readonly maxInFlightBytes?: number;
  readonly maxPackBytes?: number;
}

const defaultMaxInFlightBytes = 64 * 1024 * 1024;
/** Puts that wait for room. Each holds its chunks in memory, so callers bound their own number well below this. */
const maxWaitingPuts = 1024;

/**
 * The store on disk, worked by two threads so that the caller's stays free: one writes, one reads. What a resolved put stored, the
 * reading thread sees, since the index is committed before the answer.
 */
export class ThreadedChunkStore implements ChunkStore {
  readonly #writer: ThreadClient;
  readonly #reader: ThreadClient;
  readonly #inFlight: InFlightBytes;
  readonly #busy = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(parts: { writer: ThreadClient; reader: ThreadClient; inFlight: InFlightBytes }) {
    this.#writer = parts.writer;
    this.#reader = parts.reader;
    this.#inFlight = parts.inFlight;
  }

  /**
   * Opens or sets up a store, as `DiskChunkStore.open` does.
   *
   * @throws ChunkStoreKeyError, ChunkStoreFullError, ChunkStoreFailedError; ChunkStoreError with code `chunk_store_newer`.
   */
  static async open(options: ThreadedChunkStoreOptions): Promise<ThreadedChunkStore> {
    const { directory, masterKey, maxPackBytes, now } = options;
    const thread = (role: "writer" | "reader"): ThreadClient =>
      new ThreadClient({ start: { role, directory, masterKey, maxPackBytes }, now });
    const writer = thread("writer");
    const reader = thread("reader");
    try {
      await writer.call("open", undefined);
      await reader.call("open", undefined);
    } catch (error) {
      await Promise.all([writer.end(), reader.end()]);
      throw error;
    }
    const maxBytes = options.maxInFlightBytes ?? defaultMaxInFlightBytes;
    return new ThreadedChunkStore({
      writer,
      reader,
      inFlight: new InFlightBytes({ maxBytes, maxWaiting: maxWaitingPuts }),
    });
  }

  put(chunks: readonly ChunkBytes[], behalf?: PutBehalf): Promise<void> {
    return this.#run(chunks.length, () => this.#put(chunks, behalf));
  }

  get(hashes: readonly ChunkHash[], into?: Uint8Array<SharedArrayBuffer>): Promise<(Uint8Array | undefined)[]> {
    const reader = { has: (asked: readonly ChunkHash[]) => this.#reader.call("has", asked) };
    return this.#run(hashes.length, () => readSoundCopies(reader, () => this.#get(hashes, into)));
  }

  has(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    return this.#run(hashes.length, () => this.#reader.call("has", hashes));
  }

  touch(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    return this.#run(hashes.length, () => this.#writer.call("touch", hashes));
  }

  list(page: { readonly after: ChunkHash | undefined; readonly limit: number }): Promise<StoredChunk[]> {
    return this.#run(page.limit, () => this.#reader.call("list", page));
  }

  removeUntouchedSince(request: {
    readonly hashes: readonly ChunkHash[];
    readonly sinceMs: number;
  }): Promise<ChunkHash[]> {
    return this.#run(request.hashes.length, () => this.#writer.call("removeUntouchedSince", request));
  }

  /** Ends early, having freed less, when the store is closed. */
  async compact(): Promise<{ freedBytes: number }> {
    this.#checkOpen(0);
    const result = await this.#writer.call("compact", undefined);
    if (this.#closing === undefined) await this.#reader.call("releaseFiles", undefined);
    return result;
  }

  statistics(): Promise<ChunkStoreStatistics> {
    return this.#run(0, () => this.#writer.call("statistics", undefined));
  }

  failure(): Error | undefined {
    if (this.#closing !== undefined) return new ChunkStoreFailedError("the chunk store is closed");
    return this.#writer.failure ?? this.#reader.failure;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #put(chunks: readonly ChunkBytes[], behalf: PutBehalf | undefined): Promise<void> {
    let sizeBytes = 0;
    for (const chunk of chunks) sizeBytes += chunk.bytes.byteLength;
    await this.#inFlight.enter(sizeBytes);
    try {
      const { views, buffers } = handOver(chunks.map((chunk) => chunk.bytes));
      const bytes = views as Uint8Array[];
      await this.#writer.call("put", { hashes: chunks.map((chunk) => chunk.hash), bytes, behalf }, buffers);
    } finally {
      this.#inFlight.leave(sizeBytes);
    }
  }

  async #get(
    hashes: readonly ChunkHash[],
    into: Uint8Array<SharedArrayBuffer> | undefined,
  ): Promise<(Uint8Array | undefined)[]> {
    try {
      return await this.#reader.call("get", { hashes, into });
    } catch (error) {
      // Only the writer may change the index, so it looks for itself and notes the damage.
      if (error instanceof ChunkCorruptError) await this.#writer.call("distrust", error.hash);
      throw error;
    }
  }

  /** Waits for the calls that were made, then closes the store and ends the threads. */
  async #close(): Promise<void> {
    await Promise.allSettled(this.#busy);
    try {
      if (this.#reader.failure === undefined) await this.#reader.call("close", undefined);
      if (this.#writer.failure === undefined) await this.#writer.call("close", undefined);
    } finally {
      await Promise.all([this.#reader.end(), this.#writer.end()]);
    }
  }

  #checkOpen(count: number): void {
    const failure = this.failure();
    if (failure !== undefined) throw failure;
    checkCallSize(count);
  }

  /** Runs a call that closing waits for. */
  async #run<Result>(count: number, call: () => Promise<Result>): Promise<Result> {
    this.#checkOpen(count);
    const running = call();
    this.#busy.add(running);
    try {
      return await running;
    } finally {
      this.#busy.delete(running);
    }
  }
}
