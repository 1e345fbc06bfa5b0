import type { EntryId } from "@satchel/protocol";
import type { Item } from "@satchel/reconcile";
import type { Offers } from "../books/offers.ts";
import type { StateStore } from "../state/state-store.ts";
import type { TreeTable } from "../state/tree-table.ts";

/**
 * Forgets the base of an entry and of all below it that is not on the disk, so that its absence is no deletion; it is as if this device had never had it. What is on the disk, wherever, keeps
 * its base. In a transaction of the caller's. [RC82]
 */
export function disown(
  { state, offers }: { readonly state: StateStore; readonly offers: Pick<Offers, "disown"> },
  id: EntryId,
): void {
  for (const each of [id, ...idsBelow(state.synced, id)]) {
    if (state.localPath(each) !== undefined) continue;
    if (state.synced.find(each)) state.synced.remove(each);
    if (state.local.find(each)) state.local.remove(each);
    state.leaving.drop(each);
    state.unmark(each);
    offers.disown(each);
  }
}

/** All entries below a folder, parents before children. */
export function idsBelow(tree: Pick<TreeTable<Item>, "children">, id: EntryId): EntryId[] {
  const ids: EntryId[] = [];
  for (const each of walk(tree, id)) ids.push(each);
  return ids;
}

function* walk(tree: Pick<TreeTable<Item>, "children">, id: EntryId): Iterable<EntryId> {
  const seen = new Set<EntryId>([id]);
  // A set is walked in the order of arrival, what is added on the way included.
  for (const folderId of seen) {
    for (const child of tree.children(folderId)) {
      if (seen.has(child.id)) continue;
      seen.add(child.id);
      yield child.id;
    }
  }
}
