import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { EntryId, EntryType, VersionHash } from "@satchel/protocol";
import type { Item, Tree } from "@satchel/reconcile";
import type { ChangedSet } from "./changed-set.ts";
import type { FoldedNames } from "./folded-names.ts";
import { PlaceCache } from "./place-cache.ts";
import { RecentMap } from "./recent-map.ts";

/** One row of any of the three tables, as SQLite gives it. */
export type ItemRow = Record<string, SQLInputValue>;

/** How a tree's own columns, beside those of every item, are read and written. */
export interface TreeShape<T extends Item> {
  readonly table: "remote" | "local" | "synced";
  readonly ownColumns: readonly string[];
  read(row: ItemRow, item: Item): T;
  write(item: T): SQLInputValue[];
  /** Called with each content that an entry had and has no more. */
  readonly onContentLeft?: (contentHash: VersionHash) => void;
  /** Hears of every place that is taken or left. */
  readonly names?: FoldedNames;
}

const commonColumns = [
  "id",
  "parent_id",
  "name",
  "type",
  "content_hash",
  "size",
  "modified_ms",
  "executable",
  "link_target",
] as const;

/** So many entries of a tree are kept at hand while there is something to do, found or found missing: some 10 MB a tree. What is under way at one time is far less. */
const maxCachedEntries = 16_000;

/** One of the three trees, in its table. Every write marks the entry as changed, in the same transaction as the caller's. */
export class TreeTable<T extends Item> implements Tree<T> {
  readonly #shape: TreeShape<T>;
  /** Null for what is known not to be there: found out by one look-up, as what is there. */
  readonly #cache = new RecentMap<EntryId, T | null>(maxCachedEntries);
  readonly #places = new PlaceCache<T | null>(maxCachedEntries);
  readonly #changed: ChangedSet;
  readonly #find: StatementSync;
  readonly #findChild: StatementSync;
  readonly #children: StatementSync;
  readonly #childNames: StatementSync;
  readonly #nthChild: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #count: StatementSync;
  readonly #ids: StatementSync;
  readonly #removeSubtrees: StatementSync;
  readonly #present: StatementSync;

  constructor(database: DatabaseSync, shape: TreeShape<T>, changed: ChangedSet) {
    const columns = [...commonColumns, ...shape.ownColumns];
    this.#shape = shape;
    this.#changed = changed;
    this.#find = database.prepare(`SELECT * FROM ${shape.table} WHERE id = ?`);
    this.#findChild = database.prepare(`SELECT * FROM ${shape.table} WHERE parent_id = ? AND name = ?`);
    this.#children = database.prepare(`SELECT * FROM ${shape.table} WHERE parent_id = ? ORDER BY name, id`);
    this.#childNames = database.prepare(`SELECT id, name FROM ${shape.table} WHERE parent_id = ?`);
    this.#nthChild = database.prepare(`SELECT 1 AS found FROM ${shape.table} WHERE parent_id = ? LIMIT 1 OFFSET ?`);
    // An upsert leaves those indexes alone whose columns stay as they are; a replacement would write them all.
    const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`);
    this.#put = database.prepare(
      `INSERT INTO ${shape.table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")}) ON CONFLICT (id) DO UPDATE SET ${updates.join(", ")}`,
    );
    this.#remove = database.prepare(`DELETE FROM ${shape.table} WHERE id = ?`);
    this.#removeSubtrees = database.prepare(
      `DELETE FROM ${shape.table} WHERE id IN (WITH RECURSIVE below (id) AS (SELECT value FROM json_each(?)
       UNION SELECT child.id FROM ${shape.table} AS child JOIN below ON child.parent_id = below.id) SELECT id FROM below) RETURNING id, content_hash`,
    );
    this.#present = database.prepare(`SELECT id FROM ${shape.table} WHERE id IN (SELECT value FROM json_each(?))`);
    this.#ids = database.prepare(`SELECT id FROM ${shape.table} ORDER BY id`);
    this.#count = database.prepare(`SELECT count(*) AS count FROM ${shape.table}`);
  }

  find(id: EntryId): T | undefined {
    const cached = this.#cache.get(id);
    if (cached !== undefined) return cached ?? undefined;
    const row = this.#find.get(id);
    const item = row && this.read(row);
    this.#cache.set(id, item ?? null);
    return item;
  }

  /** Says that this id was never in the tree. */
  knowAbsent(id: EntryId): void {
    this.#cache.set(id, null);
  }

  findChild(parentId: EntryId, name: string): T | undefined {
    const cached = this.#places.get(parentId, name);
    if (cached !== undefined) return cached ?? undefined;
    const row = this.#findChild.get(parentId, name);
    const item = row && this.read(row);
    this.#places.set(parentId, name, item ?? null);
    return item;
  }

  children(parentId: EntryId): T[] {
    return this.#children.all(parentId).map((row) => this.read(row as ItemRow));
  }

  /** Whether a folder has more than so many entries. */
  hasMoreIn(parentId: EntryId, count: number): boolean {
    return this.#nthChild.get(parentId, count) !== undefined;
  }

  /** Who is in a folder, by name only. Nothing may be written to the tree before it has ended. */
  *childNames(parentId: EntryId): Iterable<{ readonly id: EntryId; readonly name: string }> {
    for (const row of this.#childNames.iterate(parentId)) yield { id: row.id as EntryId, name: row.name as string };
  }

  /** Every id in the tree, reachable or not. Nothing may be written to the tree before it has ended. */
  *ids(): Iterable<EntryId> {
    for (const row of this.#ids.iterate()) yield row.id as EntryId;
  }

  count(): number {
    return (this.#count.get() as { count: number }).count;
  }

  put(item: T): void {
    this.#leave(item.id, item);
    this.#put.run(
      item.id,
      item.parentId,
      item.name,
      item.type,
      item.contentHash,
      item.sizeBytes,
      item.modifiedMs,
      item.executable ? 1 : 0,
      item.linkTarget,
      ...this.#shape.write(item),
    );
    this.#changed.add(item.id);
    this.#cache.set(item.id, item);
    if (item.parentId !== null) this.#places.set(item.parentId, item.name, item);
  }

  remove(id: EntryId): void {
    this.#leave(id, undefined);
    this.#remove.run(id);
    this.#changed.add(id);
    this.#cache.set(id, null);
  }

  /** Forgets who was at the entry's place, unless it stays there, and tells of its new place and of the content that it had, unless it keeps that. */
  #leave(id: EntryId, next: T | undefined): void {
    const before = this.find(id);
    const stays = before?.parentId === next?.parentId && before?.name === next?.name;
    if (!stays && next && next.parentId !== null) this.#shape.names?.came(next.parentId, next.name);
    if (!before) return;
    if (before.parentId !== null && !stays) {
      this.#places.delete(before.parentId, before.name);
      this.#shape.names?.left(before.parentId, before.name);
    }
    if (before.contentHash !== null && before.contentHash !== next?.contentHash)
      this.#shape.onContentLeft?.(before.contentHash);
  }

  /** Removes entries with all below them, also below those that are not there themselves, and answers with the ids. What of them is still known elsewhere is for the caller to mark as changed. */
  removeSubtrees(ids: readonly EntryId[]): EntryId[] {
    const removed = inBatches(
      ids,
      (batch) => this.#removeSubtrees.all(batch),
      (row) => {
        if (row.content_hash !== null) this.#shape.onContentLeft?.(row.content_hash as VersionHash);
      },
    );
    if (removed.length > 0) this.dropCache();
    return removed;
  }

  /** Which of these are in the tree. */
  present(ids: readonly EntryId[]): EntryId[] {
    return inBatches(ids, (batch) => this.#present.all(batch));
  }

  /** Forgets what is at hand, after a transaction was rolled back. */
  dropCache(): void {
    this.#cache.clear();
    this.#places.clear();
    this.#shape.names?.forget();
  }

  read(row: ItemRow): T {
    return this.#shape.read(row, {
      id: row.id as EntryId,
      parentId: row.parent_id as EntryId | null,
      name: row.name as string,
      type: row.type as EntryType,
      contentHash: row.content_hash as VersionHash | null,
      sizeBytes: row.size as number,
      modifiedMs: row.modified_ms as number,
      executable: row.executable === 1,
      linkTarget: row.link_target as string | null,
    });
  }
}

/** Ids that one statement is given. */
const maxIdsInStatement = 10_000;

/** Asks with so many ids at a time, as JSON. */
function inBatches(
  ids: readonly EntryId[],
  ask: (batch: string) => Record<string, unknown>[],
  onRow: (row: Record<string, unknown>) => void = () => undefined,
): EntryId[] {
  const answers: EntryId[] = [];
  for (let from = 0; from < ids.length; from += maxIdsInStatement) {
    for (const row of ask(JSON.stringify(ids.slice(from, from + maxIdsInStatement)))) {
      answers.push(row.id as EntryId);
      onRow(row);
    }
  }
  return answers;
}
