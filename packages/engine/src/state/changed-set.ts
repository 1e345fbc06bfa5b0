import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { EntryId } from "@satchel/protocol";

/** The entries of which the three trees may differ, in memory; their table follows at every {@link write}, so that what comes and goes in between costs nothing. */
export class ChangedSet {
  readonly #ids = new Set<EntryId>();
  /** What the table lacks, and what it has too much. */
  readonly #toAdd = new Set<EntryId>();
  readonly #toDelete = new Set<EntryId>();
  /** Those of which something was written since they were last taken. */
  readonly #fresh = new Set<EntryId>();
  readonly #add: StatementSync;
  readonly #delete: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync) {
    this.#add = database.prepare("INSERT OR IGNORE INTO changed (id) VALUES (?)");
    this.#delete = database.prepare("DELETE FROM changed WHERE id = ?");
    this.#all = database.prepare("SELECT id FROM changed ORDER BY id");
    this.reload();
  }

  /** What the table says, after a transaction was rolled back. */
  reload(): void {
    for (const ids of [this.#ids, this.#fresh, this.#toAdd, this.#toDelete]) ids.clear();
    for (const row of this.#all.iterate()) {
      this.#ids.add(row.id as EntryId);
      this.#fresh.add(row.id as EntryId);
    }
  }

  add(id: EntryId): void {
    this.#fresh.add(id);
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    if (!this.#toDelete.delete(id)) this.#toAdd.add(id);
  }

  delete(id: EntryId): void {
    this.#fresh.delete(id);
    if (this.#ids.delete(id) && !this.#toAdd.delete(id)) this.#toDelete.add(id);
  }

  /** Whether the table is behind. */
  get isUnwritten(): boolean {
    return this.#toAdd.size > 0 || this.#toDelete.size > 0;
  }

  /** Brings the table up to date, in the caller's transaction. */
  write(): void {
    for (const id of this.#toAdd) this.#add.run(id);
    for (const id of this.#toDelete) this.#delete.run(id);
    this.#toAdd.clear();
    this.#toDelete.clear();
  }

  has(id: EntryId): boolean {
    return this.#ids.has(id);
  }

  /** Takes up to so many of the entries that something was written of since they were last taken, in order of that. */
  takeFresh(limit: number): EntryId[] {
    const taken: EntryId[] = [];
    for (const id of this.#fresh) {
      if (taken.length >= limit) break;
      taken.push(id);
      this.#fresh.delete(id);
    }
    return taken;
  }

  /** Whether something was written of it since it was last taken. */
  isFresh(id: EntryId): boolean {
    return this.#fresh.has(id);
  }

  get freshCount(): number {
    return this.#fresh.size;
  }

  get size(): number {
    return this.#ids.size;
  }

  list(): EntryId[] {
    return [...this.#ids];
  }
}
