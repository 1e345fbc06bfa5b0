import type { DatabaseSync } from "node:sqlite";
import type { ChunkHash } from "@satchel/protocol";
import type { StoredChunk } from "../chunk-store.ts";
import { ChunkCorruptError } from "../chunk-store-errors.ts";
import { ChunkLookup, type FoundChunk, type PlacedChunk } from "./chunk-index.ts";
import type { DataKeys } from "./data-keys.ts";
import { OpenPacks } from "./open-packs.ts";
import { maxRecordBytes, recordBytes } from "./record-format.ts";
import { openRecord } from "./seal-record.ts";

/** Records this close together are read in one go: reading the gap costs less than another call. */
const maxGapBytes = 32 * 1024;
/** The most that one read takes; every record fits. */
const maxRunBytes = maxRecordBytes;
/** How often a place is looked up again because compaction moved the record between the look and the read. */
const maxLookups = 4;

/** The reading side of a store on disk: its own connection to the index, its own files. Blocks while it reads. */
export class ChunkReader {
  readonly #lookup: ChunkLookup;
  readonly #packs: OpenPacks;
  readonly #keys: DataKeys;
  /** Every read goes here first; fresh memory would cost more than the read itself. */
  readonly #scratch = Buffer.allocUnsafeSlow(maxRunBytes);

  constructor(options: { readonly database: DatabaseSync; readonly packDirectory: string; readonly keys: DataKeys }) {
    this.#lookup = new ChunkLookup(options.database);
    this.#packs = new OpenPacks(options.packDirectory);
    this.#keys = options.keys;
  }

  /**
   * The plaintexts, put `into` the memory one after the other as far as they fit, and else into memory of their own.
   * @throws ChunkCorruptError naming the first chunk that can't be read whole.
   */
  get(hashes: readonly ChunkHash[], into: Uint8Array = noMemory): (Uint8Array | undefined)[] {
    const plains = new Plains(into);
    let wanted: readonly ChunkHash[] = [...new Set(hashes)];
    for (let lookups = 1; wanted.length > 0; lookups += 1) {
      const places = this.#place(wanted);
      const failed = this.#readAll(places, plains);
      const unmoved = failed.find((chunk) => lookups === maxLookups || samePlace(chunk, this.#lookup.find(chunk.hash)));
      if (unmoved !== undefined) throw new ChunkCorruptError(unmoved.hash);
      wanted = failed.map((chunk) => chunk.hash);
    }
    return hashes.map((hash) => plains.byHash.get(hash));
  }

  has(hashes: readonly ChunkHash[]): boolean[] {
    return this.#lookup.has(hashes);
  }

  list(after: ChunkHash | undefined, limit: number): StoredChunk[] {
    return this.#lookup.list(after, limit);
  }

  /** The record of a chunk as it is stored, or undefined when it is damaged. Good until the next call. */
  record(chunk: PlacedChunk): Buffer | undefined {
    const record = this.#scratch.subarray(0, recordBytes(chunk.storedBytes));
    if (this.#packs.read(chunk.pack, chunk.offset, record) !== record.length) return undefined;
    return this.#open(chunk, record) === undefined ? undefined : record;
  }

  /** Closes the packs that are open. They open again when needed. */
  release(): void {
    this.#packs.release();
  }

  #place(hashes: readonly ChunkHash[]): PlacedChunk[] {
    const places = this.#lookup.findAll(hashes).flatMap((found, position): PlacedChunk[] => {
      const hash = hashes[position] as ChunkHash;
      if (found?.damaged) throw new ChunkCorruptError(hash);
      return found === undefined ? [] : [{ hash, ...found }];
    });
    return places.sort((a, b) => a.pack - b.pack || a.offset - b.offset);
  }

  /** Adds what it could read to `plains`; returns the rest. */
  #readAll(places: readonly PlacedChunk[], plains: Plains): PlacedChunk[] {
    const failed: PlacedChunk[] = [];
    for (const run of runsOf(places)) {
      const read = this.#packs.read(run.pack, run.offset, this.#scratch.subarray(0, run.sizeBytes)) ?? 0;
      for (const chunk of run.chunks) {
        const start = chunk.offset - run.offset;
        const plain = this.#open(
          chunk,
          this.#scratch.subarray(start, Math.min(read, start + recordBytes(chunk.storedBytes))),
          plains.room,
        );
        if (plain === undefined) failed.push(chunk);
        else plains.add(chunk.hash, plain);
      }
    }
    return failed;
  }

  #open(chunk: PlacedChunk, record: Buffer, memory: Uint8Array = noMemory): Uint8Array | undefined {
    const opened = openRecord(this.#keys, record, memory);
    return opened?.header.hash === chunk.hash ? opened.plain : undefined;
  }
}

const noMemory = new Uint8Array();

/** What was read, and the memory that is left for more. */
class Plains {
  readonly byHash = new Map<ChunkHash, Uint8Array>();
  room: Uint8Array;

  constructor(room: Uint8Array) {
    this.room = room;
  }

  add(hash: ChunkHash, plain: Uint8Array): void {
    this.byHash.set(hash, plain);
    if (plain.buffer === this.room.buffer) this.room = this.room.subarray(plain.length);
  }
}

interface Run {
  readonly pack: number;
  readonly offset: number;
  sizeBytes: number;
  readonly chunks: PlacedChunk[];
}

/** Groups sorted places into stretches that one read each can take. */
function runsOf(places: readonly PlacedChunk[]): Run[] {
  const runs: Run[] = [];
  for (const chunk of places) {
    const run = runs.at(-1);
    const end = chunk.offset + recordBytes(chunk.storedBytes);
    const near =
      run !== undefined && run.pack === chunk.pack && chunk.offset - (run.offset + run.sizeBytes) <= maxGapBytes;
    if (near && end - run.offset <= maxRunBytes) {
      run.sizeBytes = end - run.offset;
      run.chunks.push(chunk);
    } else {
      runs.push({ pack: chunk.pack, offset: chunk.offset, sizeBytes: end - chunk.offset, chunks: [chunk] });
    }
  }
  return runs;
}

function samePlace(chunk: PlacedChunk, found: FoundChunk | undefined): boolean {
  return found !== undefined && found.pack === chunk.pack && found.offset === chunk.offset;
}
