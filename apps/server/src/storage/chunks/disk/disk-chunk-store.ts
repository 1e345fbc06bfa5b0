import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { ChunkHash } from "@satchel/protocol";
import type { ChunkBytes, ChunkStore, ChunkStoreStatistics, PutBehalf, StoredChunk } from "../chunk-store.ts";
import { ChunkCorruptError, ChunkStoreFailedError, storageError } from "../chunk-store-errors.ts";
import { readSoundCopies } from "../read-sound-copies.ts";
import { LentMemory } from "../../../memory/lent-memory.ts";
import { checkCallSize, verifyChunk } from "../verify-chunk.ts";
import { ChunkLookup, ChunkRows } from "./chunk-index.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { compactPacks } from "./compact-packs.ts";
import { openDataKeys, type DataKeys } from "./data-keys.ts";
import { dropCopies } from "./drop-copies.ts";
import { inTransaction, openIndexDatabase } from "./index-database.ts";
import type { KeyWrapping } from "./key-wrapping.ts";
import { PackAppender } from "./pack-appender.ts";
import { packFilesIn, type PackFiles } from "./pack-files.ts";
import { neededBytes, PackRows } from "./pack-rows.ts";
import { PackWriter } from "./pack-writer.ts";
import { listPacks, recoverPacks } from "./recover-packs.ts";
import { maxRecordBytes, recordBytes } from "./record-format.ts";
import { sealRecord } from "./seal-record.ts";

export interface DiskChunkStoreOptions {
  /** The store's own directory; made when missing. The caller sees to it that one process at a time has it open. */
  readonly directory: string;
  readonly wrapping: KeyWrapping;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where a pack ends and the next begins. A group commit that is larger than this is still one pack. */
  readonly maxPackBytes?: number;
  /** Tests put a failing disk here. */
  readonly files?: PackFiles;
}

const defaultMaxPackBytes = 512 * 1024 * 1024;

/** Memory for records between their sealing and their being written: that of a bundle with its headers, and of the groups that are under way. */
const sealingBounds = {
  minLoanBytes: 64 * 1024,
  maxLoanBytes: maxRecordBytes + 128 * 1024,
  maxIdleBlocks: 6,
  idleMs: 5000,
};

/** The names in a store's directory, besides the file with the data keys. */
export const packDirectoryName = "packs";
export const indexFileName = "index.db";

/**
 * Chunks in append-only packs, with an index in SQLite (docs/decisions/0003-chunk-packs.md). This is the store itself, without threads:
 * it hashes, compresses and encrypts on the thread that calls it. The server uses it through `ThreadedChunkStore`.
 */
export class DiskChunkStore implements ChunkStore {
  readonly #now: () => number;
  readonly #keys: DataKeys;
  readonly #files: PackFiles;
  readonly #database: DatabaseSync;
  readonly #lookup: ChunkLookup;
  readonly #chunkRows: ChunkRows;
  readonly #packRows: PackRows;
  readonly #reader: ChunkReader;
  readonly #writer: PackWriter;
  readonly #memory = new LentMemory(sealingBounds);
  #compacting: Promise<{ freedBytes: number }> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: {
    options: DiskChunkStoreOptions;
    keys: DataKeys;
    files: PackFiles;
    database: DatabaseSync;
    appender: PackAppender;
  }) {
    this.#now = parts.options.now;
    this.#keys = parts.keys;
    this.#files = parts.files;
    this.#database = parts.database;
    this.#lookup = new ChunkLookup(parts.database);
    this.#chunkRows = new ChunkRows(parts.database);
    this.#packRows = new PackRows(parts.database);
    const packDirectory = join(parts.options.directory, packDirectoryName);
    this.#reader = new ChunkReader({ database: parts.database, packDirectory, keys: parts.keys });
    this.#writer = new PackWriter({ database: parts.database, appender: parts.appender });
  }

  /**
   * Opens or sets up a store, and makes good whatever an unclean end left: torn records are skipped, a lost index is built anew.
   *
   * @throws ChunkStoreKeyError, ChunkStoreNewerError, ChunkStoreFullError, ChunkStoreFailedError.
   */
  static async open(options: DiskChunkStoreOptions): Promise<DiskChunkStore> {
    const packDirectory = join(options.directory, packDirectoryName);
    try {
      await mkdir(packDirectory, { recursive: true, mode: 0o700 });
      const lastPack = listPacks(packDirectory).at(-1) ?? 0;
      const keys = await openDataKeys({
        directory: options.directory,
        wrapping: options.wrapping,
        mayCreate: lastPack === 0,
      });
      const database = openIndexDatabase(join(options.directory, indexFileName));
      try {
        const files = options.files ?? packFilesIn(packDirectory);
        const appender = await recoverStore({ options, keys, files, database, packDirectory });
        return new DiskChunkStore({ options, keys, files, database, appender });
      } catch (error) {
        database.close();
        throw error;
      }
    } catch (error) {
      throw storageError("opening the chunk store", error);
    }
  }

  async put(chunks: readonly ChunkBytes[], behalf?: PutBehalf): Promise<void> {
    this.#checkOpen(chunks.length);
    for (const chunk of chunks) verifyChunk(chunk);
    const mayShow = behalf === undefined ? chunks : chunks.filter(({ hash }) => behalf.held.has(hash));
    const hashes = mayShow.map(({ hash }) => hash);
    const touched = this.#touchAll(hashes);
    const present = new Set(hashes.filter((_, position) => touched[position]));
    const written = [...new Map(chunks.map((chunk) => [chunk.hash, chunk])).values()].filter(
      ({ hash }) => !present.has(hash),
    );
    const sealing = this.#sealing(written);
    await this.#writer.store(written, this.#now(), { ...sealing, joins: behalf === undefined });
  }

  /** Seals the chunks side by side in memory that is lent until they are written. [CS34] */
  #sealing(chunks: readonly ChunkBytes[]): Omit<Parameters<PackWriter["store"]>[2], "joins"> {
    const loan = this.#memory.lend(chunks.reduce((sum, { bytes }) => sum + recordBytes(bytes.byteLength), 0));
    let room = loan.bytes;
    return {
      seal: (chunk) => {
        const sealed = sealRecord(this.#keys, chunk, room);
        room = room.subarray(sealed.record.length);
        return sealed;
      },
      written: () => loan.giveBack(),
    };
  }

  async get(hashes: readonly ChunkHash[], into?: Uint8Array<SharedArrayBuffer>): Promise<(Uint8Array | undefined)[]> {
    this.#checkOpen(hashes.length);
    return readSoundCopies(this, async () => {
      try {
        return this.#reader.get(hashes, into);
      } catch (error) {
        if (error instanceof ChunkCorruptError) this.#markDamaged(error.hash);
        throw storageError("reading chunks", error);
      }
    });
  }

  async has(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    this.#checkOpen(hashes.length);
    return this.#reader.has(hashes);
  }

  async touch(hashes: readonly ChunkHash[]): Promise<boolean[]> {
    this.#checkOpen(hashes.length);
    return this.#touchAll(hashes);
  }

  async list({ after, limit }: { after: ChunkHash | undefined; limit: number }): Promise<StoredChunk[]> {
    this.#checkOpen(limit);
    return this.#reader.list(after, limit);
  }

  async removeUntouchedSince({
    hashes,
    sinceMs,
  }: {
    hashes: readonly ChunkHash[];
    sinceMs: number;
  }): Promise<ChunkHash[]> {
    this.#checkOpen(hashes.length);
    return this.#change("removing chunks", () =>
      hashes.filter((hash) => this.#chunkRows.removeUntouchedSince(hash, sinceMs)),
    );
  }

  /** One compaction runs at a time; calls meanwhile get its result. */
  compact(): Promise<{ freedBytes: number }> {
    this.#compacting ??= this.#compact().finally(() => {
      this.#compacting = undefined;
    });
    return this.#compacting;
  }

  async statistics(): Promise<ChunkStoreStatistics> {
    this.#checkOpen(0);
    const sums = { chunks: 0, plainBytes: 0, storedBytes: 0, occupiedBytes: 0 };
    for (const pack of this.#packRows.all()) {
      sums.chunks += pack.chunks;
      sums.plainBytes += pack.plainBytes;
      sums.storedBytes += neededBytes(pack);
      sums.occupiedBytes += pack.endBytes;
    }
    return sums;
  }

  /**
   * Looks at a chunk again that another reader found corrupt, and marks it damaged if it is.
   * A bad read that passes, of the memory or the cable, thus does no harm.
   */
  async distrust(hash: ChunkHash): Promise<void> {
    await this.get([hash]).catch(() => {});
  }

  /** Closes the packs that reading keeps open. */
  releaseFiles(): void {
    this.#reader.release();
  }

  failure(): Error | undefined {
    return this.#closing === undefined ? undefined : new ChunkStoreFailedError("the chunk store is closed");
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #compact(): Promise<{ freedBytes: number }> {
    this.#checkOpen(0);
    const parts = { database: this.#database, reader: this.#reader, stopped: () => this.#closing !== undefined };
    await dropCopies(parts);
    return compactPacks({ ...parts, writer: this.#writer, files: this.#files });
  }

  async #close(): Promise<void> {
    await this.#compacting?.catch(() => {});
    try {
      await this.#writer.close();
      this.#reader.release();
      this.#change("closing the chunk store", () => this.#packRows.setClosed(true), true);
    } finally {
      this.#database.close();
    }
  }

  #checkOpen(count: number): void {
    if (this.#closing !== undefined) throw new ChunkStoreFailedError("the chunk store is closed");
    checkCallSize(count);
  }

  #touchAll(hashes: readonly ChunkHash[]): boolean[] {
    const present = this.#lookup.has(hashes);
    if (!present.includes(true)) return present;
    const nowMs = this.#now();
    this.#change("noting a put", () =>
      hashes.forEach((hash, position) => present[position] && this.#chunkRows.touch(hash, nowMs)),
    );
    return present;
  }

  #markDamaged(hash: ChunkHash): void {
    const place = this.#lookup.find(hash);
    if (place !== undefined && !place.damaged)
      this.#change("marking a damaged chunk", () => this.#chunkRows.markDamaged(hash, place));
  }

  #change<Result>(doing: string, steps: () => Result, durable = false): Result {
    try {
      return inTransaction(this.#database, steps, durable);
    } catch (error) {
      throw storageError(doing, error);
    }
  }
}

/** Brings index and packs together and says where to append. */
async function recoverStore(parts: {
  options: DiskChunkStoreOptions;
  keys: DataKeys;
  files: PackFiles;
  database: DatabaseSync;
  packDirectory: string;
}): Promise<PackAppender> {
  const { options, keys, files, database, packDirectory } = parts;
  const rows = new PackRows(database);
  // The last puts of present chunks are only in the index, without fsync. A power cut may have lost some, so all count as put now.
  const nowMs = options.now();
  if (!rows.wasClosed()) inTransaction(database, () => rows.raiseTouchedFloor(nowMs), true);
  inTransaction(database, () => rows.setClosed(false), true);
  const lastPack = Math.max(0, rows.all().at(-1)?.pack ?? 0, listPacks(packDirectory).at(-1) ?? 0);
  await recoverPacks({ database, directory: packDirectory, files, keys, nowMs });
  const maxPackBytes = options.maxPackBytes ?? defaultMaxPackBytes;
  const appender = new PackAppender({ files, maxPackBytes, lastPack });
  const last = rows.all().at(-1);
  if (last !== undefined && last.endBytes < maxPackBytes) await appender.resume(last);
  return appender;
}
