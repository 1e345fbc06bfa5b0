import type { EntryId } from "@satchel/protocol";
import { agreedItem } from "../tree/agreed-item.ts";
import type { Tree, SyncedItem } from "../tree/item.ts";
import type { Board, Decision } from "./board.ts";
import type { BookOperation } from "./operation.ts";

/** Writes down what both sides have come to, aspect by aspect. [RC11] */
export function agreeOnEquals(board: Board): BookOperation[] {
  const books: BookOperation[] = [];
  for (const { id, local, remote, synced, waits } of board.involved) {
    if (waits || local === undefined || remote === undefined) continue;
    if (agreedItem(synced, local, remote) !== synced) books.push({ do: "agree", id });
  }
  return books;
}

/** Forgets what neither side has, and the base of folders that are to be new. [RC12] [RC24] */
export function forgetTheGone(board: Board, synced: Tree<SyncedItem>): BookOperation[] {
  const books: BookOperation[] = [];
  const based = findBaseAncestors(board, synced);
  for (const decision of board.involved) {
    const { id, fate } = decision;
    if ((fate === "renew" && isPlaceCertain(board, decision)) || (fate === "forget" && !based.has(id))) {
      books.push({ do: "forget", id });
    }
  }
  return books;
}

/** In a folder that is about to take another id, an entry that seems moved may prove to be where it was. */
function isPlaceCertain(board: Board, { place }: Decision): boolean {
  return board.find(place.parentId)?.waits !== true;
}

/** To forget a folder is to forget the base of all that was in it, which entries that are not settled yet still need. */
function findBaseAncestors(board: Board, synced: Tree<SyncedItem>): Set<EntryId> {
  const marks = new Set<EntryId>();
  for (const decision of board.involved) {
    if (decision.synced === undefined || isSettled(decision)) continue;
    for (let at = decision.synced.parentId; at !== null && !marks.has(at); at = synced.find(at)?.parentId ?? null) {
      marks.add(at);
    }
  }
  return marks;
}

function isSettled({ local, remote }: Decision): boolean {
  if (local === undefined || remote === undefined) return true;
  return agreedItem(undefined, local, remote) !== undefined;
}
