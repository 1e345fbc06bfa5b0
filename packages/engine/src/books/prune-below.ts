import type { EntryId } from "@satchel/protocol";
import type { StateStore } from "../state/state-store.ts";

/** A folder appears, or appears again, and so appears empty: rows left below its id are of another life of it. They count as changed. [RC72] */
export function pruneBelow(state: StateStore, tree: "local" | "remote", id: EntryId): void {
  for (const child of state[tree].children(id)) {
    for (const pruned of state[tree].removeSubtree(child.id)) state.mark(pruned);
  }
}
