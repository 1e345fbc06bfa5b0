import type { EntryId } from "@satchel/protocol";
import type { Item, Tree } from "../tree/item.ts";
import { limboId } from "../tree/view.ts";

/** A tree in memory that can change, as an engine keeps one: rows below a removed folder stay, and can't be reached. */
export interface MapTree<T extends Item> extends Tree<T> {
  put(item: T): void;
  remove(id: EntryId): void;
  ids(): Iterable<EntryId>;
  isReachable(id: EntryId): boolean;
  /** Rows that lie below an id, nearest first, reachable or not. */
  below(id: EntryId): T[];
}

export function mapTree<T extends Item>(root: T): MapTree<T> {
  const rows = new Map<EntryId, T>([[root.id, root]]);
  const childIds = new Map<EntryId, Set<EntryId>>();

  const remove = (id: EntryId): void => {
    const row = rows.get(id);
    if (row === undefined) return;
    rows.delete(id);
    if (row.parentId !== null) childIds.get(row.parentId)?.delete(id);
  };
  const children = (parentId: EntryId): T[] => {
    const found: T[] = [];
    for (const id of childIds.get(parentId) ?? []) found.push(rows.get(id) as T);
    return found;
  };
  const below = (id: EntryId): T[] => {
    const found = children(id);
    for (let at = 0; at < found.length; at += 1) found.push(...children((found[at] as T).id));
    return found;
  };
  return {
    find: (id) => rows.get(id),
    findChild: (parentId, name) => children(parentId).find((child) => child.name === name),
    children,
    put: (item) => {
      remove(item.id);
      rows.set(item.id, item);
      if (item.parentId === null) return;
      const siblings = childIds.get(item.parentId) ?? new Set();
      siblings.add(item.id);
      childIds.set(item.parentId, siblings);
    },
    remove,
    ids: () => rows.keys(),
    isReachable: (id) => {
      const seen = new Set<EntryId>();
      for (let at = id; ;) {
        if (at === root.id || at === limboId) return true;
        const row = rows.get(at);
        if (row === undefined || row.parentId === null || seen.has(at)) return false;
        seen.add(at);
        at = row.parentId;
      }
    },
    below,
  };
}

/** Takes away what lies below a folder that was not there, or is not there any more. */
export function pruneBelow(tree: MapTree<Item>, id: EntryId): void {
  for (const row of tree.below(id)) tree.remove(row.id);
}
