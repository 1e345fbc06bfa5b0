import type { EntryId } from "@satchel/protocol";
import type { StateStore } from "../state/state-store.ts";

/** Whether an entry is a conflicted copy goes by what the server was last told, or told, of its place: a copy that somebody renamed is none any more. [EN113] */
export function followMark(state: StateStore, id: EntryId, conflictOf: EntryId | null): void {
  const local = state.local.find(id);
  if (local && local.conflictOf !== conflictOf) state.local.put({ ...local, conflictOf });
}
