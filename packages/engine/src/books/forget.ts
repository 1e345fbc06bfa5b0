import type { EntryId } from "@satchel/protocol";
import { limboId, type Item } from "@satchel/reconcile";
import type { StateStore } from "../state/state-store.ts";
import type { TreeTable } from "../state/tree-table.ts";

/**
 * Gone on both sides: drops it and what was below it from the base, and what can't be reached any more from the other two trees. What lives elsewhere by now
 * stays there, and is planned for. [RC73]
 */
export function forget(state: StateStore, id: EntryId): void {
  const others = [state.local, state.remote];
  const forgotten = new Set([id, ...state.synced.removeSubtree(id)]);
  // A set is walked in the order of arrival, what is added on the way included.
  for (const each of forgotten) {
    for (const tree of others) {
      if (!isReachable(state, tree, each)) for (const pruned of tree.removeSubtree(each)) forgotten.add(pruned);
    }
  }
  for (const each of forgotten) {
    if ([...others, state.synced].some((tree) => tree.find(each))) state.mark(each);
    else state.unmark(each);
  }
}

function isReachable(state: StateStore, tree: Pick<TreeTable<Item>, "find">, id: EntryId): boolean {
  const passed = new Set<EntryId>();
  let at: EntryId | null = id;
  while (at !== null && at !== state.rootId && at !== limboId && !passed.has(at)) {
    passed.add(at);
    at = tree.find(at)?.parentId ?? null;
  }
  return at === state.rootId || at === limboId;
}
