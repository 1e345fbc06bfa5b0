import type { EntryId } from "@satchel/protocol";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import type { CommitBatch } from "../tree-store.ts";
import type { ChangeSet } from "./change-set.ts";

/**
 * Tells which of the entries that a batch deletes hold something that its author had not seen. It looks from what changed since then upwards, not from the deleted folder downwards: what changed is little, folders may be large.
 * Changes of the batch itself don't count.
 */
export class ChangedSince {
  readonly #changes: ChangeSet;
  readonly #seenSequence: number;
  readonly #candidates: string;
  #found: ReadonlySet<EntryId> = new Set();
  /** The count of moves that `#found` belongs to. */
  #foundAfterMoves = -1;

  constructor(changes: ChangeSet, batch: CommitBatch) {
    this.#changes = changes;
    this.#seenSequence = batch.seenSequence;
    const deleted = batch.operations.filter(({ op }) => op === "delete");
    this.#candidates = listParameter(deleted.map(({ id }) => ({ entry_id: id })));
  }

  /** Did the entry, or any living one below it, change after what the author has seen? */
  async holds(id: EntryId): Promise<boolean> {
    if (this.#foundAfterMoves !== this.#changes.moves) {
      this.#found = await this.#find();
      this.#foundAfterMoves = this.#changes.moves;
    }
    return this.#found.has(id) || this.#changedBefore(id);
  }

  /** Others' unseen changes of entries that this batch changed again; their sequences in the database no longer tell. */
  #changedBefore(id: EntryId): boolean {
    const { changed, tree } = this.#changes;
    for (const [other, { sequenceBefore }] of changed) {
      if (sequenceBefore === undefined || sequenceBefore <= this.#seenSequence) continue;
      const row = tree.findAlive(other);
      if (row && tree.isWithin(other, id)) return true;
    }
    return false;
  }

  async #find(): Promise<Set<EntryId>> {
    const { session, workspaceId, workspace } = this.#changes.context;
    if (this.#seenSequence >= workspace.head) return new Set();
    await this.#changes.flush();
    const candidates = listTable(session.dialect, "$4", "candidate", { entry_id: "text" });
    const folder = lookUp(session.dialect, {
      table: "entries e",
      where: "e.workspace_id = $1 AND e.entry_id = up.parent_id AND e.deleted_at_ms IS NULL",
    });
    const rows = await session.all<{ entry_id: EntryId }>(
      `WITH RECURSIVE up (entry_id, parent_id) AS (
        SELECT e.entry_id, e.parent_id FROM entries e
        WHERE e.workspace_id = $1 AND e.sequence > $2 AND e.sequence <= $3 AND e.deleted_at_ms IS NULL
        UNION
        SELECT e.entry_id, e.parent_id FROM up ${folder}
      )
      SELECT up.entry_id FROM up WHERE up.entry_id IN (SELECT candidate.entry_id FROM ${candidates})`,
      [workspaceId, this.#seenSequence, workspace.head, this.#candidates],
    );
    return new Set(rows.map((row) => row.entry_id));
  }
}
