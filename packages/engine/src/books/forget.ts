import type { EntryId } from "@satchel/protocol";
import { viewOf, type Item } from "@satchel/reconcile";
import type { StateStore } from "../state/state-store.ts";
import type { TreeTable } from "../state/tree-table.ts";

/**
 * Gone on both sides: drops it and what was below it from the base, and what can't be reached any more from the other two trees. What lives elsewhere by now
 * stays there, and is planned for. [RC73]
 */
export function forget(state: StateStore, id: EntryId): void {
  const forgotten = new Set([id]);
  let below: readonly EntryId[] = state.synced.removeSubtrees([id]);
  // The entry first: that mostly takes along all that was below it, so that nothing is left to look for.
  for (let next = [id]; next.length > 0; below = []) {
    const pruned = [...prune(state, state.local, next), ...prune(state, state.remote, next)];
    next = [...new Set([...below, ...pruned]).difference(forgotten)];
    for (const each of next) forgotten.add(each);
  }
  const all = [...forgotten];
  const left = new Set([state.local, state.remote, state.synced].flatMap((tree) => tree.present(all)));
  for (const each of all) {
    if (left.has(each)) state.mark(each);
    else state.unmark(each);
  }
}

/** Takes those of the entries out of a tree that can't be reached in it, with what is below them. */
function prune<T extends Item>(state: StateStore, tree: TreeTable<T>, ids: readonly EntryId[]): EntryId[] {
  const view = viewOf(tree, state.rootId);
  const reachable = new Set(tree.present(ids).filter((id) => view.find(id) !== undefined));
  return tree.removeSubtrees(ids.filter((id) => !reachable.has(id)));
}
