import type { DatabaseSync } from "node:sqlite";
import type { ChunkHash } from "@satchel/protocol";
import type { ChunkBytes } from "../chunk-store.ts";
import { storageError } from "../chunk-store-errors.ts";
import { ChunkRows, type ChunkPlace } from "./chunk-index.ts";
import { joinNeighbours } from "../../../memory/join-neighbours.ts";
import { GroupCommit } from "./group-commit.ts";
import { inTransaction } from "./index-database.ts";
import type { PackAppender } from "./pack-appender.ts";
import { PackRows } from "./pack-rows.ts";
import { recordBytes } from "./record-format.ts";
import type { SealedRecord } from "./seal-record.ts";

/** A record on its way into a pack: of a new chunk, or a copy of one that is to move. */
interface PendingRecord {
  readonly hash: ChunkHash;
  readonly sealed: SealedRecord;
  readonly plainBytes: number;
  readonly origin: { putAtMs: number } | { readonly movedFrom: ChunkPlace };
}

interface UnderWay {
  readonly done: Promise<void>;
  readonly origin: { putAtMs: number };
}

/**
 * The most that one group commit writes. While it is written, the callers of the group before send more, which is hashed and
 * encrypted meanwhile; with no bound all would wait for the disk together, and then the disk for them.
 */
const maxGroupBytes = 8 * 1024 * 1024;

/**
 * The one writer of packs and their rows. Everything that waits is written together: parts in one write, one fdatasync, one
 * transaction in the index, then all are told. While the disk works, the next group gathers.
 */
export class PackWriter {
  readonly #database: DatabaseSync;
  readonly #appender: PackAppender;
  readonly #chunkRows: ChunkRows;
  readonly #packRows: PackRows;
  readonly #groups: GroupCommit<PendingRecord>;
  /** Chunks that are being written, so that a second put of one waits for the first and doesn't write it again. */
  readonly #underWay = new Map<ChunkHash, UnderWay>();

  constructor(options: { readonly database: DatabaseSync; readonly appender: PackAppender }) {
    this.#database = options.database;
    this.#appender = options.appender;
    this.#chunkRows = new ChunkRows(options.database);
    this.#packRows = new PackRows(options.database);
    this.#groups = new GroupCommit({ commit: (records) => this.#commit(records), maxGroupWeight: maxGroupBytes });
  }

  /** The pack that may still grow, which compaction leaves alone. */
  get activePack(): number | undefined {
    return this.#appender.activePack;
  }

  /**
   * Stores chunks. `seal` is called, before this returns, for those that are written; `written` when nobody looks at what it made any more. A put that `joins` waits for what others
   * are writing already, instead of writing it again.
   */
  async store(
    chunks: readonly ChunkBytes[],
    putAtMs: number,
    { seal, written, joins }: { seal(chunk: ChunkBytes): SealedRecord; written(): void; readonly joins: boolean },
  ): Promise<void> {
    const waits: Promise<void>[] = [];
    const origin = { putAtMs };
    const records: PendingRecord[] = [];
    for (const chunk of chunks) {
      const underWay = joins ? this.#underWay.get(chunk.hash) : undefined;
      if (underWay === undefined) {
        records.push({ hash: chunk.hash, sealed: seal(chunk), plainBytes: chunk.bytes.byteLength, origin });
      } else {
        underWay.origin.putAtMs = Math.max(underWay.origin.putAtMs, putAtMs);
        waits.push(underWay.done);
      }
    }
    const done = this.#add(records).finally(written);
    for (const { hash } of records) this.#underWay.set(hash, { done, origin });
    try {
      await Promise.all([done, ...waits]);
    } finally {
      for (const { hash } of records) if (this.#underWay.get(hash)?.done === done) this.#underWay.delete(hash);
    }
  }

  /** Copies records to the pack that grows, and lets the index follow where the chunk has not been removed meanwhile. */
  async move(
    records: readonly { readonly hash: ChunkHash; readonly record: Uint8Array; readonly from: ChunkPlace }[],
  ): Promise<void> {
    const pending = records.map(({ hash, record, from }): PendingRecord => {
      const sealed = { record, storedBytes: from.storedBytes };
      return { hash, sealed, plainBytes: from.plainBytes, origin: { movedFrom: from } };
    });
    await this.#add(pending);
  }

  /** Lets the next group start a new pack. When this resolves, the old one grows no more. */
  async startNewPack(): Promise<void> {
    this.#appender.startNewPack();
    await this.#groups.idle();
  }

  /** Waits for all that was given, then closes the pack. Nothing may be given meanwhile. */
  async close(): Promise<void> {
    await this.#groups.idle();
    await this.#appender.close();
  }

  #add(records: readonly PendingRecord[]): Promise<void> {
    return this.#groups.add(records, sizeOf(records));
  }

  async #commit(records: readonly PendingRecord[]): Promise<void> {
    const sizeBytes = sizeOf(records);
    const { pack, offset, identity } = await this.#appender.append(
      joinNeighbours(records.map(({ sealed: { record } }) => record)),
      sizeBytes,
    );
    try {
      inTransaction(this.#database, () => {
        this.#packRows.extend(pack, identity, offset + sizeBytes);
        let at = offset;
        for (const record of records) {
          this.#note(record, pack, at);
          at += recordBytes(record.sealed.storedBytes);
        }
      });
    } catch (error) {
      // The records are durable, yet nobody was told: they stay as garbage, or are found by the next scan.
      throw storageError("writing the index of chunks", error);
    }
  }

  #note({ hash, plainBytes, sealed: { storedBytes }, origin }: PendingRecord, pack: number, offset: number): void {
    if ("putAtMs" in origin) this.#chunkRows.add({ hash, pack, offset, plainBytes, storedBytes }, origin.putAtMs);
    else this.#chunkRows.move(hash, origin.movedFrom, { pack, offset });
  }
}

/** The bytes that the records take in a pack. */
function sizeOf(records: readonly PendingRecord[]): number {
  let sizeBytes = 0;
  for (const record of records) sizeBytes += recordBytes(record.sealed.storedBytes);
  return sizeBytes;
}
