import type { EntryId } from "@satchel/protocol";
import { limboId, type Item, type Tree } from "@satchel/reconcile";

/** Deeper than any file system allows; only a cycle gets there. */
const maxDepth = 10_000;

/** Whether the parents of an entry, itself included, lead to the root of a tree, or into limbo. */
export function isReachable(tree: Pick<Tree<Item>, "find">, id: EntryId, rootId: EntryId): boolean {
  let at: EntryId = id;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    if (at === rootId || at === limboId) return true;
    const parentId = tree.find(at)?.parentId ?? null;
    if (parentId === null) return false;
    at = parentId;
  }
  return false;
}
