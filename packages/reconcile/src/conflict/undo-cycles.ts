import type { EntryId } from "@satchel/protocol";
import { placeOfItem } from "../tree/compare.ts";
import type { Board, Decision } from "../plan/board.ts";

/**
 * Two moves, one on each side, can make a folder its own ancestor. The server's was first: a local one that closes the circle is undone. [RC31]
 *
 * Each circle has a local move of an entry that the server knows: places of the server alone make no circle, those of the disk alone neither, and from an entry of the
 * server's one comes to an entry that it doesn't know by a local move only.
 */
export function undoCycles(board: Board): void {
  const moved = board.involved.filter(isLocalMove);
  for (let undone = true; undone;) {
    undone = false;
    for (const decision of moved) {
      if (!isLocalMove(decision) || !isOwnAncestor(board, decision)) continue;
      const place = decision.remote && placeOfItem(decision.remote);
      if (place === undefined) continue;
      decision.place = place;
      decision.placeFrom = "remote";
      undone = true;
    }
  }
}

function isLocalMove(decision: Decision): boolean {
  return decision.placeFrom === "local" && decision.type === "folder" && decision.remote !== undefined;
}

function isOwnAncestor(board: Board, decision: Decision): boolean {
  const seen = new Set<EntryId>();
  for (let at = board.find(decision.place.parentId); at !== undefined; at = board.find(at.place.parentId)) {
    if (at.id === decision.id) return true;
    if (seen.has(at.id)) return false;
    seen.add(at.id);
  }
  return false;
}
