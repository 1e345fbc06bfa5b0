import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { EntryId } from "@satchel/protocol";

/** The entries of which the three trees may differ, in memory and in their table; to add one again costs nothing. */
export class ChangedSet {
  readonly #ids = new Set<EntryId>();
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
    this.#ids.clear();
    for (const row of this.#all.all()) this.#ids.add(row.id as EntryId);
  }

  add(id: EntryId): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    this.#add.run(id);
  }

  delete(id: EntryId): void {
    if (this.#ids.delete(id)) this.#delete.run(id);
  }

  has(id: EntryId): boolean {
    return this.#ids.has(id);
  }

  get size(): number {
    return this.#ids.size;
  }

  list(): EntryId[] {
    return [...this.#ids];
  }
}
