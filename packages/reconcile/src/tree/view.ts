import type { EntryId } from "@satchel/protocol";
import type { Item, Tree } from "./item.ts";

/**
 * The parent of local entries that were put out of the way for a moment ({@link Operation} `move_to_limbo`): a folder of the engine's own, outside of the
 * synced one. What is in limbo is still had, but is nowhere that a person could see.
 */
export const limboId = "limbo" as EntryId;

/** One tree as the planner sees it: only what is reachable is there. */
export interface View<T extends Item> {
  /** Undefined for what is not in the tree, or lies below a parent that is not. */
  find(id: EntryId): T | undefined;
  findChild(parentId: EntryId, name: string): T | undefined;
}

/** Hides what can't be reached from the root (or from limbo). Each chain of parents is walked once. */
export function viewOf<T extends Item>(tree: Tree<T>, rootId: EntryId): View<T> {
  const known = new Map<EntryId, boolean>([
    [rootId, true],
    [limboId, true],
  ]);

  const isReachable = (id: EntryId): boolean => {
    const parentId = tree.find(id)?.parentId;
    // Most entries lie in a folder that was walked already, and nothing is to be remembered of them.
    return (parentId == null ? undefined : known.get(parentId)) ?? known.get(id) ?? walk(id);
  };

  const walk = (id: EntryId): boolean => {
    const walked: EntryId[] = [];
    let at: EntryId | null = id;
    let answer: boolean | undefined;
    while (answer === undefined) {
      answer = at === null ? false : known.get(at);
      if (answer !== undefined || at === null) break;
      // Whoever comes by here again on this walk goes in a circle, which is reachable from nowhere.
      known.set(at, false);
      walked.push(at);
      const item: T | undefined = tree.find(at);
      if (item === undefined) answer = false;
      else at = item.parentId;
    }
    for (const each of walked) known.set(each, answer ?? false);
    return answer ?? false;
  };

  return {
    find: (id) => (isReachable(id) ? tree.find(id) : undefined),
    findChild: (parentId, name) => (isReachable(parentId) ? tree.findChild(parentId, name) : undefined),
  };
}
