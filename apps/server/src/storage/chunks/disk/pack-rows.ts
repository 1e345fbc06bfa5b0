import type { DatabaseSync } from "node:sqlite";
import { recordBytes } from "./record-format.ts";

export interface PackRow {
  readonly pack: number;
  readonly identity: Uint8Array;
  /** The index knows every record before this offset. */
  readonly endBytes: number;
  /** Chunks whose record is here, and the sizes of their plaintexts and stored bytes. */
  readonly chunks: number;
  readonly plainBytes: number;
  readonly storedBytes: number;
  /** No chunk is here any more, and the file is to go. */
  readonly doomed: boolean;
}

/** The bytes of a pack that some chunk needs. */
export function neededBytes(pack: PackRow): number {
  return pack.storedBytes + pack.chunks * recordBytes(0);
}

/** The rows about packs, and the one about the store. Each change is one step of a transaction that the caller opens. */
export class PackRows {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  all(): PackRow[] {
    const columns =
      "pack, identity, end_bytes AS endBytes, chunks, plain_bytes AS plainBytes, stored_bytes AS storedBytes, doomed";
    const rows = this.#database.prepare(`SELECT ${columns} FROM packs ORDER BY pack`).all() as unknown as (Omit<
      PackRow,
      "doomed"
    > & { doomed: number })[];
    return rows.map((row) => ({ ...row, doomed: row.doomed !== 0 }));
  }

  /** Records that the index knows the pack up to `endBytes`. Comes before the rows of its chunks. */
  extend(pack: number, identity: Uint8Array, endBytes: number): void {
    const statement =
      "INSERT INTO packs (pack, identity, end_bytes) VALUES (?, ?, ?) ON CONFLICT (pack) DO UPDATE SET end_bytes = excluded.end_bytes";
    this.#database.prepare(statement).run(pack, identity, endBytes);
  }

  hasDamage(pack: number): boolean {
    return (
      this.#database.prepare("SELECT 1 FROM chunks WHERE pack = ? AND damaged = 1 LIMIT 1").get(pack) !== undefined
    );
  }

  /** Condemns a pack that holds no chunk. */
  doom(pack: number): void {
    this.#database.prepare("UPDATE packs SET doomed = 1 WHERE pack = ?").run(pack);
  }

  /** Drops all that the index says about a pack. */
  forget(pack: number): void {
    this.#database.prepare("DELETE FROM chunks WHERE pack = ?").run(pack);
    this.#database.prepare("DELETE FROM packs WHERE pack = ?").run(pack);
  }

  /** Whether the store was closed in order last time. */
  wasClosed(): boolean {
    return this.#database.prepare("SELECT closed FROM state").get()?.["closed"] === 1;
  }

  setClosed(closed: boolean): void {
    this.#database.prepare("UPDATE state SET closed = ?").run(closed ? 1 : 0);
  }

  /** Makes every chunk count as touched at this time, or later. */
  raiseTouchedFloor(nowMs: number): void {
    this.#database.prepare("UPDATE state SET touched_floor_ms = max(touched_floor_ms, ?)").run(nowMs);
  }
}
