import type { EntryId } from "@satchel/protocol";
import type { Overlay } from "../tree/overlay.ts";
import type { Decision } from "./board.ts";

/** Of entries to delete, those that lie in no other one: a folder takes along all that is in it. */
export function topmost(doomed: readonly Decision[], overlay: Overlay): EntryId[] {
  const ids = new Set(doomed.map(({ id }) => id));
  const isCovered = (id: EntryId): boolean => {
    for (let at = overlay.placeOf(id)?.parentId; at !== undefined; at = overlay.placeOf(at)?.parentId) {
      if (ids.has(at)) return true;
    }
    return false;
  };
  return [...ids].filter((id) => !isCovered(id));
}
