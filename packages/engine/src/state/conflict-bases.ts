import type { DatabaseSync } from "node:sqlite";
import type { EntryId, VersionId } from "@satchel/protocol";

/**
 * Of conflicted copies that this device set aside: the version that both sides were made from. A table beside the trees, made where it isn't there: the state of an older program stays good, and an older program doesn't mind it.
 */
export const conflictBasesTable =
  "CREATE TABLE IF NOT EXISTS conflict_base (id TEXT PRIMARY KEY, version_id TEXT NOT NULL) WITHOUT ROWID;";

/** See {@link conflictBasesTable}. Writes belong into a transaction of the state. */
export class ConflictBases {
  readonly #statements;

  constructor(database: DatabaseSync) {
    this.#statements = {
      find: database.prepare("SELECT version_id FROM conflict_base WHERE id = ?"),
      put: database.prepare("INSERT OR REPLACE INTO conflict_base (id, version_id) VALUES (?, ?)"),
      drop: database.prepare("DELETE FROM conflict_base WHERE id = ?"),
      dropGone: database.prepare("DELETE FROM conflict_base WHERE id NOT IN (SELECT id FROM local)"),
    };
  }

  /** Undefined where it isn't known. */
  find(copy: EntryId): VersionId | undefined {
    return this.#statements.find.get(copy)?.version_id as VersionId | undefined;
  }

  /** Copies that are gone are forgotten by the way, so that there are never many more than copies. */
  put(copy: EntryId, base: VersionId): void {
    this.#statements.dropGone.run();
    this.#statements.put.run(copy, base);
  }

  drop(copy: EntryId): void {
    this.#statements.drop.run(copy);
  }
}
