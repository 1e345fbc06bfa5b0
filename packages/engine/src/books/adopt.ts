import type { EntryId } from "@satchel/protocol";
import type { Item } from "@satchel/reconcile";
import type { StateStore } from "../state/state-store.ts";
import type { TreeTable } from "../state/tree-table.ts";
import { settle } from "./settle.ts";

/** The local entry and the remote one are the same thing, made twice: the local one takes the remote id, with its base if it has one, and with their children. [RC74] */
export function adopt(state: StateStore, id: EntryId, remoteId: EntryId): void {
  rekey(state.local, id, remoteId);
  if (state.synced.find(id)) rekey(state.synced, id, remoteId);
  settle(state, remoteId);
}

function rekey<T extends Item>(tree: TreeTable<T>, id: EntryId, newId: EntryId): void {
  const item = tree.find(id);
  if (!item) return;
  // Rows left below the new id are of another life of it.
  for (const stale of tree.children(newId)) if (stale.id !== id) prune(tree, stale.id);
  const children = tree.children(id);
  tree.remove(id);
  tree.put({ ...item, id: newId });
  for (const child of children) tree.put({ ...child, parentId: newId });
}

function prune<T extends Item>(tree: TreeTable<T>, id: EntryId): void {
  for (const child of tree.children(id)) prune(tree, child.id);
  tree.remove(id);
}
