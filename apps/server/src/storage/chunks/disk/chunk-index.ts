import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ChunkHash } from "@satchel/protocol";
import type { StoredChunk } from "../chunk-store.ts";
import { inReading } from "./index-database.ts";

/** Where a chunk's record is, and its sizes. */
export interface ChunkPlace {
  readonly pack: number;
  readonly offset: number;
  readonly plainBytes: number;
  readonly storedBytes: number;
}

export interface PlacedChunk extends ChunkPlace {
  readonly hash: ChunkHash;
}

export interface FoundChunk extends ChunkPlace {
  /** Reading it failed before. It can't be had, and a put stores it anew. */
  readonly damaged: boolean;
}

const placeColumns = "pack, offset, plain_bytes AS plainBytes, stored_bytes AS storedBytes";

type FoundRow = ChunkPlace & { damaged: number };

/** The questions that the reading side asks. Works on either connection. */
export class ChunkLookup {
  readonly #database: DatabaseSync;
  readonly #newest: StatementSync;
  readonly #newestSound: StatementSync;
  readonly #first: StatementSync;
  readonly #next: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const newest = "ORDER BY pack DESC, offset DESC LIMIT 1";
    this.#newest = database.prepare(`SELECT ${placeColumns}, damaged FROM chunks WHERE hash = ? ${newest}`);
    this.#newestSound = database.prepare(
      `SELECT ${placeColumns}, damaged FROM chunks WHERE hash = ? AND damaged = 0 ${newest}`,
    );
    const listing = `SELECT hash, max(plain_bytes) AS sizeBytes, max(max(put_at_ms), (SELECT touched_floor_ms FROM state)) AS putAtMs FROM chunks`;
    this.#first = database.prepare(`${listing} GROUP BY hash ORDER BY hash LIMIT ?`);
    this.#next = database.prepare(`${listing} WHERE hash > ? GROUP BY hash ORDER BY hash LIMIT ?`);
  }

  /** The newest sound copy, so that whoever put one reads that one; a damaged one if there is no other. */
  find(hash: ChunkHash): FoundChunk | undefined {
    const newest = this.#newest.get(toBlob(hash)) as FoundRow | undefined;
    const row =
      newest?.damaged === 1 ? ((this.#newestSound.get(toBlob(hash)) as FoundRow | undefined) ?? newest) : newest;
    return row === undefined ? undefined : { ...row, damaged: row.damaged !== 0 };
  }

  /** The same for many, in order. */
  findAll(hashes: readonly ChunkHash[]): (FoundChunk | undefined)[] {
    return inReading(this.#database, () => hashes.map((hash) => this.find(hash)));
  }

  /** Whether each chunk can be had. */
  has(hashes: readonly ChunkHash[]): boolean[] {
    return this.findAll(hashes).map((found) => found?.damaged === false);
  }

  list(after: ChunkHash | undefined, limit: number): StoredChunk[] {
    const rows = after === undefined ? this.#first.all(limit) : this.#next.all(toBlob(after), limit);
    return (rows as unknown as (Omit<StoredChunk, "hash"> & { hash: Uint8Array })[]).map((row) => ({
      ...row,
      hash: toHash(row.hash),
    }));
  }
}

/** The changes to the rows of chunks. Each is one step of a transaction that the caller opens. */
export class ChunkRows {
  readonly #touch: StatementSync;
  readonly #add: StatementSync;
  readonly #move: StatementSync;
  readonly #remove: StatementSync;
  readonly #damage: StatementSync;
  readonly #inPack: StatementSync;

  constructor(database: DatabaseSync) {
    this.#touch = database.prepare("UPDATE chunks SET put_at_ms = max(put_at_ms, ?) WHERE hash = ? AND damaged = 0");
    // Beside the copies that are there, so that it takes the same work if there are any.
    this.#add = database.prepare(`
      INSERT INTO chunks (hash, pack, offset, plain_bytes, stored_bytes, put_at_ms) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (hash, pack, offset) DO NOTHING`);
    this.#move = database.prepare("UPDATE chunks SET pack = ?, offset = ? WHERE hash = ? AND pack = ? AND offset = ?");
    this.#remove = database.prepare(`
      DELETE FROM chunks WHERE hash = ?1 AND
        (SELECT max(max(put_at_ms), (SELECT touched_floor_ms FROM state)) FROM chunks WHERE hash = ?1) < ?2`);
    this.#damage = database.prepare("UPDATE chunks SET damaged = 1 WHERE hash = ? AND pack = ? AND offset = ?");
    this.#inPack = database.prepare(
      `SELECT hash, ${placeColumns} FROM chunks WHERE pack = ? AND offset >= ? ORDER BY offset LIMIT ?`,
    );
  }

  /** False when there is no such chunk, or a damaged one. */
  touch(hash: ChunkHash, nowMs: number): boolean {
    return this.#touch.run(nowMs, toBlob(hash)).changes > 0;
  }

  add(chunk: PlacedChunk, putAtMs: number): void {
    this.#add.run(toBlob(chunk.hash), chunk.pack, chunk.offset, chunk.plainBytes, chunk.storedBytes, putAtMs);
  }

  /** Follows a record to its copy, unless the chunk was removed or stored elsewhere meanwhile. */
  move(hash: ChunkHash, from: ChunkPlace, to: { readonly pack: number; readonly offset: number }): void {
    this.#move.run(to.pack, to.offset, toBlob(hash), from.pack, from.offset);
  }

  /** Removes all copies. False when there is no such chunk, or one was put or touched at `sinceMs` or later. */
  removeUntouchedSince(hash: ChunkHash, sinceMs: number): boolean {
    return this.#remove.run(toBlob(hash), sinceMs).changes > 0;
  }

  markDamaged(hash: ChunkHash, place: ChunkPlace): void {
    this.#damage.run(toBlob(hash), place.pack, place.offset);
  }

  /** Up to `limit` chunks of a pack in the order of their records, from an offset on. */
  inPack(pack: number, fromOffset: number, limit: number): PlacedChunk[] {
    const rows = this.#inPack.all(pack, fromOffset, limit) as unknown as (ChunkPlace & { hash: Uint8Array })[];
    return rows.map((row) => ({ ...row, hash: toHash(row.hash) }));
  }
}

const blob = Buffer.alloc(32);

/** The hash as the index has it, good until the next call: SQLite copies what a statement is given. A buffer of its own would cost more than the look-up. */
function toBlob(hash: ChunkHash): Buffer {
  // What is no hash names no chunk, least of all the one before.
  return blob.write(hash, "hex") === blob.length ? blob : Buffer.alloc(0);
}

function toHash({ buffer, byteOffset, byteLength }: Uint8Array): ChunkHash {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex") as ChunkHash;
}
