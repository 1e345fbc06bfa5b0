import type { EntryId } from "@satchel/protocol";
import type { ChangeSet } from "../commit/change-set.ts";
import { decodeJournalState, type JournalState } from "../commit/journal-record.ts";

/** The tree as it was at an instant: as it is now, but for what the journal says of the entries that changed since. */
export class PastTree {
  readonly #changes: ChangeSet;
  /** States at the instant of the entries that changed since; null for what did not exist. */
  readonly #states: ReadonlyMap<EntryId, JournalState | null>;

  private constructor(changes: ChangeSet, states: ReadonlyMap<EntryId, JournalState | null>) {
    this.#changes = changes;
    this.#states = states;
  }

  /** Reads what changed after the instant and before this transaction; makes these entries, and where they were, known to the change set's tree. */
  static async read(changes: ChangeSet, atMs: number): Promise<PastTree> {
    const { session, workspaceId, workspace } = changes.context;
    const rows = await session.all<{ entry_id: EntryId; state_before: string | null }>(
      `SELECT j.entry_id, j.state_before FROM journal j
       JOIN (
         SELECT entry_id, min(sequence) AS sequence FROM journal
         WHERE workspace_id = $1 AND sequence <= $3 AND sequence > (
           SELECT COALESCE(max(sequence), 0) FROM journal WHERE workspace_id = $1 AND at_ms <= $2
         )
         GROUP BY entry_id
       ) AS first ON first.sequence = j.sequence
       WHERE j.workspace_id = $1 ORDER BY j.sequence`,
      [workspaceId, atMs, workspace.head],
    );
    const states = new Map(
      rows.map((row) => [row.entry_id, row.state_before === null ? null : decodeJournalState(row.state_before)]),
    );
    await changes.tree.load([...states.keys(), ...[...states.values()].flatMap((state) => state?.parent_id ?? [])]);
    return new PastTree(changes, states);
  }

  changedEntries(): EntryId[] {
    // Where a shared folder is mounted is no content of the past. [SH12]
    return [...this.#states.keys()].filter((id) => this.#changes.tree.find(id)?.mounts == null);
  }

  /** Undefined for what did not exist, or is known no more. */
  stateOf(id: EntryId): JournalState | undefined {
    const state = this.#states.get(id);
    if (state !== undefined) return state ?? undefined;
    const row = this.#changes.tree.find(id);
    return row && { ...row, deleted: row.deleted_at_ms !== null };
  }

  existed(id: EntryId): boolean {
    return this.stateOf(id) !== undefined;
  }

  wasAlive(id: EntryId): boolean {
    return this.#line(id)?.every((state) => !state.deleted) ?? false;
  }

  /** Was the entry in the folder, not deleted, and neither was any folder between? */
  wasWithin(id: EntryId, folderId: EntryId): boolean {
    const between: JournalState[] = [];
    let current: EntryId | null = id;
    while (current !== null && current !== folderId) {
      const state: JournalState | undefined = this.stateOf(current);
      if (!state) return false;
      between.push(state);
      current = state.parent_id;
    }
    return current === folderId && between.every((state) => !state.deleted);
  }

  depthOf(id: EntryId): number {
    return this.#line(id)?.length ?? 0;
  }

  /** The entry's state and those of the folders above it; undefined when one of them is known no more. */
  #line(id: EntryId): JournalState[] | undefined {
    const line: JournalState[] = [];
    let current: EntryId | null = id;
    while (current !== null) {
      const state: JournalState | undefined = this.stateOf(current);
      if (!state) return undefined;
      line.push(state);
      current = state.parent_id;
    }
    return line;
  }
}
