import type { EntryId, WorkspaceId } from "@satchel/protocol";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** The most living entries of one folder. */
export const maxFolderEntries = 1_000_000;
/** The most folders whose sizes are remembered; the longest untouched are forgotten first. */
const maxRemembered = 20_000;

/**
 * How many living entries folders have, at least as many as there are: counted once, then only counted up, whatever becomes of the transaction. What seems too many is
 * counted anew. So the bound costs nothing on folders that are known, and other processes can overstep it only by what they add meanwhile.
 */
export class FolderSizes {
  readonly #sizes = new Map<EntryId, number>();
  readonly #maxEntries: number;

  constructor(maxEntries: number = maxFolderEntries) {
    this.#maxEntries = maxEntries;
  }

  /** Makes the folders known. */
  async load(session: SqlSession, workspaceId: WorkspaceId, folders: Iterable<EntryId>): Promise<void> {
    const unknown = [...new Set(folders)].filter((id) => (this.#sizes.get(id) ?? this.#maxEntries) >= this.#maxEntries);
    if (unknown.length === 0) return;
    const wanted = listTable(session.dialect, "$2", "wanted", { parent_id: "text" });
    const children = lookUp(session.dialect, {
      table: "entries e",
      where: "e.workspace_id = $1 AND e.parent_id = wanted.parent_id AND e.deleted_at_ms IS NULL",
    });
    const rows = await session.all<{ parent_id: EntryId; children: number }>(
      `SELECT wanted.parent_id, COUNT(*) AS children FROM ${wanted} ${children} GROUP BY wanted.parent_id`,
      [workspaceId, listParameter(unknown.map((parent_id) => ({ parent_id })))],
    );
    const counted = new Map(rows.map((row) => [row.parent_id, row.children]));
    for (const id of unknown) this.#remember(id, counted.get(id) ?? 0);
  }

  /** Counts one more in; false when the folder is full. */
  add(folder: EntryId): boolean {
    const size = this.#sizes.get(folder) ?? 0;
    if (size >= this.#maxEntries) return false;
    this.#remember(folder, size + 1);
    return true;
  }

  #remember(folder: EntryId, size: number): void {
    this.#sizes.delete(folder);
    this.#sizes.set(folder, size);
    const oldest = this.#sizes.keys().next();
    if (this.#sizes.size > maxRemembered && !oldest.done) this.#sizes.delete(oldest.value);
  }
}
