import type { EntryId } from "@satchel/protocol";
import type { Item } from "@satchel/reconcile";
import { limboId } from "@satchel/reconcile";
import type { StateStore } from "../state/state-store.ts";
import type { TreeTable } from "../state/tree-table.ts";

/** Any of the three trees, as far as looking and taking away go. */
type PrunableTree = Pick<TreeTable<Item>, "find" | "children" | "remove">;

/**
 * Gone on both sides: drops it and what was below it from the base, and what can't be reached any more from the other two trees. What lives elsewhere by now
 * stays there, and is planned for. [RC73]
 */
export function forget(state: StateStore, id: EntryId): void {
  const forgotten = new Set<EntryId>();
  for (const tree of [state.local, state.remote]) if (!isReachable(state, tree, id)) pruneFrom(tree, id, forgotten);
  pruneFrom(state.synced, id, forgotten);
  for (const each of forgotten) {
    for (const tree of [state.local, state.remote])
      if (!isReachable(state, tree, each)) pruneFrom(tree, each, forgotten);
    if (!state.local.find(each) && !state.remote.find(each) && !state.synced.find(each)) state.unmark(each);
  }
}

/** Removes an entry's row and those below it. */
function pruneFrom(tree: PrunableTree, id: EntryId, removed: Set<EntryId>): void {
  removed.add(id);
  for (const child of tree.children(id)) pruneFrom(tree, child.id, removed);
  if (tree.find(id)) tree.remove(id);
}

function isReachable(state: StateStore, tree: PrunableTree, id: EntryId): boolean {
  const passed = new Set<EntryId>();
  let at: EntryId | null = id;
  while (at !== null && at !== state.rootId && at !== limboId && !passed.has(at)) {
    passed.add(at);
    at = tree.find(at)?.parentId ?? null;
  }
  return at === state.rootId || at === limboId;
}
