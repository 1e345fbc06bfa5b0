import type { EntryId } from "@satchel/protocol";
import { isSameContent, placeOfItem } from "../tree/compare.ts";
import { isSamePlace } from "../tree/place.ts";
import { limboId } from "../tree/view.ts";
import type { Board, Decision } from "../plan/board.ts";

/**
 * Finds what both sides made at one place, each under an id of its own, and which is one thing all the same: the local entry takes the id of the remote one. [RC41]
 *
 * @returns pairs of a local id and the remote one to take; all of them wait for that in this plan
 */
export function matchNewcomers(board: Board): { readonly id: EntryId; readonly remoteId: EntryId }[] {
  const pairs: { id: EntryId; remoteId: EntryId }[] = [];
  for (const mine of board.involved) {
    const theirs = findCounterpart(board, mine);
    if (theirs === undefined) continue;
    if (mine.type !== "folder" && mine.local?.content === "unknown") {
      mine.waits = true;
      continue;
    }
    if (!isOneThing(mine, theirs)) continue;
    mine.waits = true;
    theirs.waits = true;
    pairs.push({ id: mine.id, remoteId: theirs.id });
  }
  return pairs;
}

/** The entry of the same type that only the server has, where only this disk has `mine`. */
function findCounterpart(board: Board, mine: Decision): Decision | undefined {
  const { local } = mine;
  if (local === undefined || mine.remote !== undefined || mine.fate === "renew") return undefined;
  const place = placeOfItem(local);
  if (place === undefined || place.parentId === limboId) return undefined;
  const item = board.remote.findChild(place.parentId, place.name);
  const theirs = item && board.find(item.id);
  if (theirs === undefined || theirs.local !== undefined || theirs.type !== mine.type) return undefined;
  return theirs.fate === "live" && isSamePlace(theirs.place, place) ? theirs : undefined;
}

/** A replaced entry counts as an edited one: what it was is its base still. Otherwise only equal content makes two files one. */
function isOneThing(mine: Decision, theirs: Decision): boolean {
  if (mine.type === "folder" || mine.fate === "delete") return true;
  return mine.local !== undefined && theirs.remote !== undefined && isSameContent(mine.local, theirs.remote);
}
