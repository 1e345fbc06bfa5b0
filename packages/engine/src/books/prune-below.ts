import type { EntryId } from "@satchel/protocol";
import type { StateStore } from "../state/state-store.ts";

/** A folder appears, or appears again, and so appears empty: rows left below its id are of another life of it. They count as changed. [RC72] */
export function pruneBelow(state: StateStore, tree: "local" | "remote", id: EntryId): void {
  const children = state[tree].children(id).map((child) => child.id);
  for (const pruned of state[tree].removeSubtrees(children)) state.mark(pruned);
}
