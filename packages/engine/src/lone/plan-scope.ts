import type { EntryId } from "@satchel/protocol";
import { idsBelow } from "../exclude/disown.ts";
import type { StateStore } from "../state/state-store.ts";
import { isReachable } from "../state/is-reachable.ts";

/** Of changed entries that wait for a step of their own, so many are planned along with the others, which costs little. */
export const maxWaitingPlanned = 5000;

interface PlanScope {
  readonly state: StateStore;
  /** Whether the entry waits for a step of its own. */
  readonly isWaiting: (id: EntryId) => boolean;
  readonly waitingCount: number;
  readonly maxWaitingPlanned: number;
}

/**
 * The changed entries that a plan for all must know of. Nothing is planned for those that wait for a step of their own; they only keep what they need: the folders that they are in, and their names. When
 * they are many (a first sync of a million files), the plan is told of those only that are in a folder which one side has no more, or at the place of an entry that is planned for. [EN85]
 */
export function changedToPlan({ state, isWaiting, waitingCount, maxWaitingPlanned: limit }: PlanScope): EntryId[] {
  const changed = state.changed();
  if (waitingCount <= limit) return changed;
  const planned = new Set<EntryId>();
  for (const id of changed) if (!isWaiting(id)) planned.add(id);
  for (const id of Array.from(planned)) {
    for (const tree of [state.local, state.remote, state.synced]) {
      const item = tree.find(id);
      if (!item || item.parentId === null) continue;
      for (const side of [state.local, state.remote]) add(side.findChild(item.parentId, item.name)?.id);
    }
    if (isReachable(state.local, id, state.rootId) && isReachable(state.remote, id, state.rootId)) continue;
    for (const tree of [state.local, state.remote, state.synced]) for (const below of idsBelow(tree, id)) add(below);
  }
  return [...planned];

  function add(id: EntryId | undefined): void {
    if (id !== undefined && state.isChanged(id)) planned.add(id);
  }
}
