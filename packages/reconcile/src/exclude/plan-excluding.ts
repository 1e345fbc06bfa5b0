import type { EntryId } from "@satchel/protocol";
import type { LocalOperation, Plan } from "../plan/operation.ts";
import { plan, type PlanOptions } from "../plan/plan.ts";
import type { SyncedItem, Tree, Trees } from "../tree/item.ts";
import { type Excluded, findExcluded } from "./find-excluded.ts";

export interface ExcludingPlan {
  /** Nothing in it is about what is away, withdrawn or held. */
  readonly plan: Plan;
  readonly excluded: Excluded;
}

/**
 * The plan of a device that leaves out some entries, and all that is in them: they are on the server, and not in this folder. Rules: docs/spec/reconcile.md, "What a device leaves out".
 *
 * @param roots ids of the excluded entries, wherever they are on the server, or whether they still are
 */
export function planExcluding(trees: Trees, roots: ReadonlySet<EntryId>, options: PlanOptions = {}): ExcludingPlan {
  const { isBusy = () => false } = options;
  const excluded = findExcluded(trees, roots, isBusy);
  const { away, withdrawn, stranded, held, toPlan } = excluded;
  const leaving = new Set(withdrawn);
  const shown = { ...trees, synced: without(trees.synced, away), changed: toPlan };
  const isLeftAlone = (id: EntryId): boolean => away.has(id) || leaving.has(id) || held.has(id) || isBusy(id);
  const made = plan(shown, { ...options, isBusy: isLeftAlone });
  const planned = new Set(made.local.map(({ id }) => id));
  const aside = stranded
    .filter((id) => !planned.has(id))
    .map((id): LocalOperation => ({ do: "set_aside", id, split: true, conflictOf: id }));
  return {
    plan: { ...made, local: [...made.local, ...aside] },
    excluded: { ...excluded, withdrawn: withdrawn.filter(isNotEntered(trees, made)) },
  };
}

/** What others moved into an excluded folder may be edited here: when it goes there first, the folder goes in a later plan. */
function isNotEntered(trees: Trees, made: Plan): (id: EntryId) => boolean {
  const entered = new Set<EntryId>();
  for (const operation of made.local) {
    let at: EntryId | null = "place" in operation ? operation.place.parentId : null;
    for (; at !== null && !entered.has(at); at = trees.local.find(at)?.parentId ?? null) entered.add(at);
  }
  return (id) => !entered.has(id);
}

/** What is away has no base: that it is not on the disk says nothing. [RC82] */
function without(tree: Tree<SyncedItem>, away: ReadonlySet<EntryId>): Trees["synced"] {
  return {
    find: (id) => (away.has(id) ? undefined : tree.find(id)),
    findChild: (parentId, name) => tree.findChild(parentId, name),
    children: (parentId) => tree.children(parentId),
  };
}
