import { agreedItem } from "@satchel/reconcile";
import { isSettled } from "./settle.ts";
import type { StateStore } from "../state/state-store.ts";

/**
 * Takes off the list of changes what there is nothing to plan for: entries that no tree has any more, since they came and went before anybody else heard of them, and entries that are the same
 * everywhere, since the feed told what was known already. [EN13]
 */
export function unmarkSettled(state: StateStore): void {
  for (const id of state.changed()) {
    const [local, remote, synced] = [state.local.find(id), state.remote.find(id), state.synced.find(id)];
    const isGone = !local && !remote && !synced;
    const isSame =
      local && remote && synced && isSettled(local, remote) && agreedItem(synced, local, remote) === synced;
    if (isGone || isSame) state.unmark(id);
  }
}
