import type { DatabaseSync } from "node:sqlite";
import type { EntryId } from "@satchel/protocol";

/** A table beside the trees, made where it isn't there: the state of an older program stays good, and an older program doesn't mind it. */
export const leavingTable = "CREATE TABLE IF NOT EXISTS leaving (id TEXT PRIMARY KEY) WITHOUT ROWID;";

/**
 * Entries that leave the disk for being left out, each with all below it, and may have left it already: a kill, or a disk that failed, kept their withdrawal from being told of. Another file of
 * the name of such an entry need not be an edit of it. Writes belong into a transaction of the state. [EN127]
 */
export class Leaving {
  readonly #statements;

  constructor(database: DatabaseSync) {
    this.#statements = {
      isAny: database.prepare("SELECT 1 AS found FROM leaving LIMIT 1"),
      find: database.prepare("SELECT 1 AS found FROM leaving WHERE id = ?"),
      add: database.prepare("INSERT OR IGNORE INTO leaving (id) VALUES (?)"),
      drop: database.prepare("DELETE FROM leaving WHERE id = ?"),
      clear: database.prepare("DELETE FROM leaving"),
    };
  }

  get isAny(): boolean {
    return this.#statements.isAny.get() !== undefined;
  }

  has(id: EntryId): boolean {
    return this.#statements.find.get(id) !== undefined;
  }

  add(id: EntryId): void {
    this.#statements.add.run(id);
  }

  drop(id: EntryId): void {
    this.#statements.drop.run(id);
  }

  clear(): void {
    this.#statements.clear.run();
  }
}
