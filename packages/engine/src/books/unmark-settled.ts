import type { EntryId } from "@satchel/protocol";
import { agreedItem } from "@satchel/reconcile";
import { isReachable } from "../state/is-reachable.ts";
import { isSettled } from "./settle.ts";
import type { StateStore } from "../state/state-store.ts";

/**
 * Takes off the list of changes, among these, what there is nothing to plan for: entries that came and went before anybody else heard of them, perhaps with the folder that they were in, and
 * entries that are the same everywhere, since the feed told what was known already. To be called when the feed was heard: before, a parent may only not have been told yet. [EN13]
 */
export function unmarkSettled(state: StateStore, ids: readonly EntryId[] = state.changed()): void {
  for (const id of ids) {
    const [local, remote, synced] = [state.local.find(id), state.remote.find(id), state.synced.find(id)];
    if (!synced) {
      const isHere = local !== undefined && isReachable(state.local, id, state.rootId);
      const isThere = remote !== undefined && isReachable(state.remote, id, state.rootId);
      if (isHere || isThere) continue;
      if (local) state.local.remove(id);
      if (remote) state.remote.remove(id);
      state.unmark(id);
    } else if (local && remote && isSettled(local, remote) && agreedItem(synced, local, remote) === synced) {
      state.unmark(id);
    }
  }
}
