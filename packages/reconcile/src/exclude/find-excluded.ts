import type { EntryId } from "@satchel/protocol";
import { hasAttributes, isSameContent, placeOfItem } from "../tree/compare.ts";
import type { Item, Tree, Trees } from "../tree/item.ts";
import { isSamePlace } from "../tree/place.ts";
import { type View, viewOf } from "../tree/view.ts";

/** What it means for this device that it leaves some entries out. */
export interface Excluded {
  /** On the server, at or below an excluded entry. [RC81] */
  isExcluded(id: EntryId): boolean;
  /** Excluded and on the server; told of those that changed and of the roots. Not on the disk: its absence is no deletion, and its base is to be forgotten. [RC82] */
  readonly away: ReadonlySet<EntryId>;
  /** Excluded and on the disk as both sides agreed on it, with all that is in it: it may go from the disk. None lies in another. [RC83] */
  readonly withdrawn: readonly EntryId[];
  /** Excluded, edited here and there, and moved by others into a folder that is away: where it can't go, and so is set aside where it is. [RC83] */
  readonly stranded: readonly EntryId[];
  /** Local entries at the place of something that is away, which a person must move or take back in. [RC85] */
  readonly clashes: readonly EntryId[];
  /** The clashes, with what changed below them. */
  readonly held: ReadonlySet<EntryId>;
  /** The changed entries that there is something to plan for, and the roots, for whose sake their parents stay. [RC84] */
  readonly toPlan: readonly EntryId[];
}

/**
 * Sorts the changed entries by what exclusion does to them. The cost follows what changed, times the depth.
 *
 * @param isBusy entries that something is being done with: neither they nor their folders leave the disk now
 */
export function findExcluded(
  trees: Trees,
  roots: ReadonlySet<EntryId>,
  isBusy: (id: EntryId) => boolean = () => false,
): Excluded {
  const local = viewOf(trees.local, trees.rootId);
  const remote = viewOf(trees.remote, trees.rootId);
  const isBelowRoot = ancestry(trees.remote, (id) => roots.has(id));
  const isExcluded = (id: EntryId): boolean => remote.find(id) !== undefined && isBelowRoot(id);
  const changed = new Set([...trees.changed, ...roots]);
  const here = [...changed].filter((id) => local.find(id) !== undefined);
  const away = new Set([...changed].filter((id) => isExcluded(id) && local.find(id) === undefined));
  const settled = new Set(here.filter((id) => isExcluded(id) && isSettled(trees, id) && !isBusy(id)));
  const withdrawn = findWithdrawn(local, here, settled);
  const isBelowAway = (id: EntryId): boolean => local.find(remote.find(id)?.parentId ?? trees.rootId) === undefined;
  const stranded = here.filter((id) => isExcluded(id) && !isBusy(id) && isConflict(trees, id) && isBelowAway(id));
  const gone = findGone(trees, local, here);
  const clashes = here.filter((id) => !gone.has(id) && isClash({ trees, local, remote, isExcluded }, id));
  const isInClash = ancestry(trees.local, isOneOf(clashes.filter((id) => remote.find(id) === undefined)));
  const held = new Set([...clashes, ...here.filter((id) => isInClash(id))]);
  const toPlan = [...changed].filter((id) => roots.has(id) || !(away.has(id) || settled.has(id)));
  return { isExcluded, away, withdrawn, stranded, clashes, held, toPlan };
}

/** Whether nothing of the entry is left to tell the server: on the disk it is what both sides agreed on, whatever others did since. Without a base, what the server has holds. [RC7] */
function isSettled(trees: Trees, id: EntryId): boolean {
  const [local, remote, synced] = [trees.local.find(id), trees.remote.find(id), trees.synced.find(id)];
  if (local === undefined || remote === undefined || local.content === "unknown") return false;
  if (synced === undefined) return isSameContent(local, remote);
  if (!isSameContent(local, synced)) return false;
  if (local.type !== "folder" && !hasAttributes(local, synced)) return false;
  return isSamePlace(placeOfItem(local), placeOfItem(synced)) || isMovedByOthers(trees, id);
}

function isConflict({ local, remote, synced }: Trees, id: EntryId): boolean {
  const [here, there, base] = [local.find(id), remote.find(id), synced.find(id)];
  if (here === undefined || there === undefined || here.content === "unknown" || isSameContent(here, there))
    return false;
  return base === undefined || !(isSameContent(here, base) || isSameContent(there, base));
}

/** Whether the place of an entry is the server's to say: there it moved, or nobody knows where it was. [RC4] [RC7] */
function isMovedByOthers({ remote, synced }: Trees, id: EntryId): boolean {
  const [there, base] = [remote.find(id), synced.find(id)];
  return there !== undefined && (base === undefined || !isSamePlace(placeOfItem(there), placeOfItem(base)));
}

/** The topmost settled entries that hold nothing unsettled. */
function findWithdrawn(local: View<Item>, here: readonly EntryId[], settled: ReadonlySet<EntryId>): readonly EntryId[] {
  const holding = holdersOf(local, here, settled);
  const ready = new Set([...settled].filter((id) => !holding.has(id)));
  const isBelowReady = ancestry(local, (id) => ready.has(id));
  return [...ready].filter((id) => {
    const parentId = parentOf(local, id);
    return parentId !== null && !isBelowReady(parentId);
  });
}

/** The folders that hold one of these entries which is none of `settled`. */
function holdersOf(local: View<Item>, here: readonly EntryId[], settled: ReadonlySet<EntryId>): ReadonlySet<EntryId> {
  const holding = new Set<EntryId>();
  for (const id of here) {
    if (settled.has(id)) continue;
    for (let at = local.find(id)?.parentId ?? null; at !== null && !holding.has(at); at = parentOf(local, at))
      holding.add(at);
  }
  return holding;
}

/** What others deleted, and is here as both sides had it, with all that is in it: it goes from the disk, and is in nobody's way. [RC85] */
function findGone(trees: Trees, local: View<Item>, here: readonly EntryId[]): ReadonlySet<EntryId> {
  const unchanged = new Set(here.filter((id) => trees.remote.find(id) === undefined && isAsAgreed(trees, id)));
  const holding = holdersOf(local, here, unchanged);
  return new Set([...unchanged].filter((id) => !holding.has(id)));
}

/** Time and mode don't matter: what was only touched here goes with the deletion. [RC20] */
function isAsAgreed({ local, synced }: Trees, id: EntryId): boolean {
  const [here, base] = [local.find(id), synced.find(id)];
  if (here === undefined || base === undefined || here.content === "unknown") return false;
  return isSameContent(here, base) && isSamePlace(placeOfItem(here), placeOfItem(base));
}

interface Places {
  readonly trees: Trees;
  readonly local: View<Item>;
  readonly remote: View<Item>;
  readonly isExcluded: (id: EntryId) => boolean;
}

/** One that others moved goes where the server has it, and makes way by itself. */
function isClash({ trees, local, remote, isExcluded }: Places, id: EntryId): boolean {
  if (!isExcluded(id) && isMovedByOthers(trees, id)) return false;
  const place = placeOfItem(trees.local.find(id) as Item);
  const holder = place && remote.findChild(place.parentId, place.name);
  return holder !== undefined && holder.id !== id && isExcluded(holder.id) && local.find(holder.id) === undefined;
}

/** Whether an entry, or a folder that it is in, is one of some. Each chain of parents is walked once. */
function ancestry(tree: Pick<Tree<Item>, "find">, isOne: (id: EntryId) => boolean): (id: EntryId) => boolean {
  const known = new Map<EntryId, boolean>();
  return (id) => {
    const walked: EntryId[] = [];
    let answer: boolean | undefined;
    for (let at: EntryId | null = id; at !== null && answer === undefined; at = parentOf(tree, at)) {
      answer = isOne(at) ? true : known.get(at);
      // Whoever comes by here again on this walk goes in a circle.
      known.set(at, false);
      walked.push(at);
    }
    for (const each of walked) known.set(each, answer ?? false);
    return answer ?? false;
  };
}

function isOneOf(ids: readonly EntryId[]): (id: EntryId) => boolean {
  const set = new Set(ids);
  return (id) => set.has(id);
}

function parentOf(tree: Pick<Tree<Item>, "find">, id: EntryId): EntryId | null {
  return tree.find(id)?.parentId ?? null;
}
