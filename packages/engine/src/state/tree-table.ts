import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { EntryId, EntryType, VersionHash } from "@satchel/protocol";
import type { Item, Tree } from "@satchel/reconcile";

/** One row of any of the three tables, as SQLite gives it. */
export type ItemRow = Record<string, SQLInputValue>;

/** How a tree's own columns, beside those of every item, are read and written. */
export interface TreeShape<T extends Item> {
  readonly table: "remote" | "local" | "synced";
  readonly ownColumns: readonly string[];
  read(row: ItemRow, item: Item): T;
  write(item: T): SQLInputValue[];
}

const commonColumns = ["id", "parent_id", "name", "type", "content_hash", "size", "modified_ms", "executable", "link_target"] as const;

/** So many entries of a tree are kept at hand, found or found missing; planning asks for the same few again and again. */
const maxCachedEntries = 20_000;

/** One of the three trees, in its table. Every write marks the entry as changed, in the same transaction as the caller's. */
export class TreeTable<T extends Item> implements Tree<T> {
  readonly #shape: TreeShape<T>;
  readonly #cache = new Map<EntryId, T | undefined>();
  readonly #find: StatementSync;
  readonly #findChild: StatementSync;
  readonly #children: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #mark: StatementSync;
  readonly #count: StatementSync;
  readonly #ids: StatementSync;

  constructor(database: DatabaseSync, shape: TreeShape<T>) {
    const columns = [...commonColumns, ...shape.ownColumns];
    this.#shape = shape;
    this.#find = database.prepare(`SELECT * FROM ${shape.table} WHERE id = ?`);
    this.#findChild = database.prepare(`SELECT * FROM ${shape.table} WHERE parent_id = ? AND name = ?`);
    this.#children = database.prepare(`SELECT * FROM ${shape.table} WHERE parent_id = ? ORDER BY name, id`);
    this.#put = database.prepare(`INSERT OR REPLACE INTO ${shape.table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`);
    this.#remove = database.prepare(`DELETE FROM ${shape.table} WHERE id = ?`);
    this.#mark = database.prepare("INSERT OR IGNORE INTO changed (id) VALUES (?)");
    this.#ids = database.prepare(`SELECT id FROM ${shape.table} ORDER BY id`);
    this.#count = database.prepare(`SELECT count(*) AS count FROM ${shape.table}`);
  }

  find(id: EntryId): T | undefined {
    const cached = this.#cache.get(id);
    if (cached !== undefined || this.#cache.has(id)) return cached;
    const row = this.#find.get(id);
    const item = row && this.read(row as ItemRow);
    this.#remember(id, item);
    return item;
  }

  findChild(parentId: EntryId, name: string): T | undefined {
    const row = this.#findChild.get(parentId, name);
    return row && this.read(row as ItemRow);
  }

  children(parentId: EntryId): T[] {
    return this.#children.all(parentId).map((row) => this.read(row as ItemRow));
  }

  /** Every id in the tree, reachable or not. */
  *ids(): Iterable<EntryId> {
    for (const row of this.#ids.all()) yield row.id as EntryId;
  }

  count(): number {
    return (this.#count.get() as { count: number }).count;
  }

  put(item: T): void {
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
    this.#mark.run(item.id);
    this.#remember(item.id, item);
  }

  remove(id: EntryId): void {
    this.#remove.run(id);
    this.#mark.run(id);
    this.#remember(id, undefined);
  }

  /** Forgets what is at hand, after a transaction was rolled back. */
  dropCache(): void {
    this.#cache.clear();
  }

  #remember(id: EntryId, item: T | undefined): void {
    if (this.#cache.size >= maxCachedEntries) this.#cache.clear();
    this.#cache.set(id, item);
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
