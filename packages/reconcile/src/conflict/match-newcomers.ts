import type { EntryId } from "@satchel/protocol";
import { isSameContent, placeOfItem } from "../tree/compare.ts";
import { isSamePlace } from "../tree/place.ts";
import { limboId } from "../tree/view.ts";
import type { Board, Decision } from "../plan/board.ts";

interface Adoption {
  readonly id: EntryId;
  readonly remoteId: EntryId;
}

/**
 * Finds what is one thing although it has two ids, since it is the same at the same place: the local entry takes the id of the remote one; or goes, when the disk has that one
 * elsewhere and it is only a copy.
 *
 * @returns what to adopt; both entries of a pair wait for that in this plan
 */
export function matchNewcomers(board: Board): Adoption[] {
  const adoptions: Adoption[] = [];
  for (const mine of board.involved) {
    const theirs = findCounterpart(board, mine);
    if (theirs === undefined) continue;
    const isAdoptable = theirs.local === undefined;
    if (isAdoptable && (mine.type === "folder" || mine.fate === "delete")) {
      // A folder is merged [RC41]. An entry that the server replaced by a new one counts as an edited one: what it was is the base still. [RC44]
    } else if (mine.type === "folder" || mine.fate === "delete") {
      continue;
    } else if (mine.local?.content === "unknown") {
      mine.waits = true;
      continue;
    } else if (!hasContentOf(mine, theirs)) {
      continue;
    }
    if (isAdoptable) {
      mine.waits = true;
      theirs.waits = true;
      adoptions.push({ id: mine.id, remoteId: theirs.id });
    } else if (mine.synced === undefined) {
      dropCopy(mine, theirs);
    }
  }
  return adoptions;
}

/** The entry of the same type that the server has at the place where only the disk has this one. */
function findCounterpart(board: Board, mine: Decision): Decision | undefined {
  const { local } = mine;
  if (local === undefined || mine.remote !== undefined || mine.waits) return undefined;
  const place = placeOfItem(local);
  if (place === undefined || place.parentId === limboId) return undefined;
  const item = board.remote.findChild(place.parentId, place.name);
  const theirs = item && board.find(item.id);
  if (theirs === undefined || theirs.type !== mine.type || theirs.waits) return undefined;
  return theirs.fate === "live" && isSamePlace(theirs.place, place) ? theirs : undefined;
}

/** Of two that are alike on the disk one is enough, if the other stays as it is: one that was edited here is about to replace what the server has, and then this is all that is left of it. [RC43] */
function dropCopy(mine: Decision, theirs: Decision): void {
  const { content } = theirs.verdict;
  if (content === "unknown") mine.waits = true;
  else if (content !== "give_local") mine.fate = "delete";
}

function hasContentOf({ local }: Decision, { remote }: Decision): boolean {
  return local !== undefined && remote !== undefined && isSameContent(local, remote);
}
