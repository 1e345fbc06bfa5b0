import { rootEntryId, type EntryId, type EntryState, type WorkspaceId } from "@satchel/protocol";
import { entryColumns, toEntryState, type EntryRow } from "../rows/entry-row.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** A name in a folder. */
export interface Place {
  readonly parentId: EntryId;
  readonly name: string;
}

/**
 * The part of a workspace's tree that a transaction looks at, as its own changes have made it so far. Entries come with all their ancestors, so that alive, path and cycle are answered without asking the database again.
 */
export class WorkingTree {
  readonly #session: SqlSession;
  readonly #workspaceId: WorkspaceId;
  /** Undefined for what is known not to be there. */
  readonly #rows = new Map<EntryId, EntryRow | undefined>();
  readonly #holders = new Map<string, EntryId | undefined>();

  constructor(session: SqlSession, workspaceId: WorkspaceId) {
    this.#session = session;
    this.#workspaceId = workspaceId;
  }

  /** Makes entries known, with their ancestors. */
  async load(ids: Iterable<EntryId>): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => !this.#rows.has(id));
    if (unknown.length === 0) return;
    const seeds = listTable(this.#session.dialect, "$2", "seed", { entry_id: "text" });
    const byId = lookUp(this.#session.dialect, {
      table: "entries e",
      where: "e.workspace_id = $1 AND e.entry_id = chain.entry_id",
    });
    const rows = await this.#session.all<EntryRow>(
      `WITH RECURSIVE chain (entry_id) AS (
        SELECT seed.entry_id FROM ${seeds}
        UNION
        SELECT e.parent_id FROM chain ${byId} WHERE e.parent_id IS NOT NULL
      )
      SELECT ${entryColumns("e")} FROM chain ${byId}`,
      [this.#workspaceId, listParameter(unknown.map((id) => ({ entry_id: id })))],
    );
    this.add(rows);
    for (const id of unknown) if (!this.#rows.has(id)) this.#rows.set(id, undefined);
  }

  /** Makes known who holds these names; the folders have to be loaded as well. */
  async loadHolders(places: Iterable<Place>): Promise<void> {
    const unknown = new Map<string, { parent_id: string; name: string }>();
    for (const { parentId, name } of places) {
      const key = placeKey(parentId, name);
      if (!this.#holders.has(key)) unknown.set(key, { parent_id: parentId, name });
    }
    if (unknown.size === 0) return;
    const wanted = listTable(this.#session.dialect, "$2", "wanted", { parent_id: "text", name: "text" });
    const byPlace = lookUp(this.#session.dialect, {
      table: "entries e",
      where:
        "e.workspace_id = $1 AND e.parent_id = wanted.parent_id AND e.name = wanted.name AND e.deleted_at_ms IS NULL",
    });
    const rows = await this.#session.all<EntryRow>(`SELECT ${entryColumns("e")} FROM ${wanted} ${byPlace}`, [
      this.#workspaceId,
      listParameter([...unknown.values()]),
    ]);
    for (const key of unknown.keys()) this.#holders.set(key, undefined);
    for (const row of rows) this.#holders.set(placeKey(row.parent_id, row.name), row.entry_id);
    this.add(rows);
  }

  /** Makes rows of the database known, whose parents are; what was changed here stays as it was changed. */
  add(rows: readonly EntryRow[]): void {
    for (const row of rows) if (!this.#rows.has(row.entry_id)) this.#rows.set(row.entry_id, row);
  }

  /** Undefined when there is no such entry, living or deleted. */
  find(id: EntryId): EntryRow | undefined {
    if (!this.#rows.has(id)) throw new Error(`entry ${id} was not loaded`);
    return this.#rows.get(id);
  }

  /** The entry that is not deleted itself and has this name in the folder. */
  findHolder({ parentId, name }: Place): EntryRow | undefined {
    const key = placeKey(parentId, name);
    if (!this.#holders.has(key)) throw new Error(`the holder of ${key} was not loaded`);
    const id = this.#holders.get(key);
    return id === undefined ? undefined : this.find(id);
  }

  /** Puts an entry's new state in the place of the old one. */
  replace(row: EntryRow): void {
    const old = this.#rows.get(row.entry_id);
    if (old && old.deleted_at_ms === null) {
      const key = placeKey(old.parent_id, old.name);
      if (this.#holders.get(key) === old.entry_id || !this.#holders.has(key)) this.#holders.set(key, undefined);
    }
    this.#rows.set(row.entry_id, row);
    if (row.deleted_at_ms === null) this.#holders.set(placeKey(row.parent_id, row.name), row.entry_id);
  }

  /** Alive: neither the entry nor any folder above it is deleted. */
  isAlive(row: EntryRow): boolean {
    return this.#ancestors(row).every((each) => each.deleted_at_ms === null);
  }

  findAlive(id: EntryId): EntryRow | undefined {
    const row = this.find(id);
    return row && this.isAlive(row) ? row : undefined;
  }

  /** Is the folder the entry itself, or above it? */
  isWithin(id: EntryId, folderId: EntryId): boolean {
    const row = this.find(id);
    return row !== undefined && this.#ancestors(row).some((each) => each.entry_id === folderId);
  }

  /** From the root, such as `/docs/a.txt`; `/` for the root itself. */
  pathOf(row: EntryRow): string {
    const names = this.#ancestors(row)
      .filter((each) => each.parent_id !== null)
      .map((each) => each.name);
    return `/${names.toReversed().join("/")}`;
  }

  /** From the root down to the entry itself. */
  lineOf(row: EntryRow): EntryRow[] {
    return this.#ancestors(row).toReversed();
  }

  /** An entry's state for somebody whose request met it; an entry in a deleted folder counts as deleted. */
  describe(row: EntryRow): EntryState {
    return { ...toEntryState(row), deleted: !this.isAlive(row) };
  }

  /** The entry itself, its parent, and so on to the root. @throws when the tree is broken: a bug, or a damaged database. */
  #ancestors(row: EntryRow): EntryRow[] {
    const chain = [row];
    let current = row;
    while (current.parent_id !== null) {
      const parent = this.#rows.get(current.parent_id);
      if (!parent || chain.length > this.#rows.size) throw new Error(`entry ${row.entry_id} has no way to its root`);
      chain.push(parent);
      current = parent;
    }
    if (current.entry_id !== rootEntryId(this.#workspaceId))
      throw new Error(`entry ${row.entry_id} has a foreign root`);
    return chain;
  }
}

/** One text for a place, to look it up by; names hold no slash. */
export function placeKey(parentId: EntryId | null, name: string): string {
  return `${parentId ?? ""}/${name}`;
}
