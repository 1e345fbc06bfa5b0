import type { EntryId } from "@satchel/protocol";
import { type Attributes, hasAttributes, isSameContent, placeOfItem } from "../tree/compare.ts";
import type { Item, LocalItem, RemoteItem, SyncedItem } from "../tree/item.ts";
import { isSamePlace, type Place, recoveredName, temporaryName } from "../tree/place.ts";
import { limboId } from "../tree/view.ts";

/** One entry as it is in the three trees; undefined where it is absent (which is also: not reachable). */
export interface Standing {
  readonly id: EntryId;
  readonly synced: SyncedItem | undefined;
  readonly local: LocalItem | undefined;
  readonly remote: RemoteItem | undefined;
}

/**
 * What becomes of the entry.
 * - `live`: both sides shall have it;
 * - `delete`: one side has it still, and shall not (unless something inside must stay);
 * - `forget`: neither side has it;
 * - `renew`: a folder that one side deleted and the other moved: its base is forgotten, after which the whole of it is new;
 * - `undecided`: deleted on the server, and whether it changed here is not known before its content is.
 */
export type Fate = "live" | "delete" | "forget" | "renew" | "undecided";

/** Whose place holds. `neither`: no side has a place that anybody wished for. */
export type PlaceSource = "both" | "local" | "remote" | "neither";

/** `unknown` waits for `ingest`; `none`: there is nothing to compare (a folder, or only one side has it). */
export type ContentVerdict = "none" | "same" | "take_remote" | "give_local" | "conflict" | "unknown";

/** The decision on one entry, each aspect by itself. */
export interface Verdict {
  readonly fate: Fate;
  readonly place: Place;
  readonly placeFrom: PlaceSource;
  readonly content: ContentVerdict;
  /** What both sides shall have; undefined where content decides or is not known. */
  readonly attributes: Attributes | undefined;
}

/** The decision table of docs/spec/reconcile.md: a pure function of one entry's standing. Not for the root. [RC1] */
export function judge(standing: Standing, rootId: EntryId): Verdict {
  const content = judgeContent(standing);
  return {
    fate: judgeFate(standing),
    ...judgePlace(standing, rootId),
    content,
    attributes: judgeAttributes(standing, content),
  };
}

function judgeFate({ id, synced, local, remote }: Standing): Fate {
  if (local !== undefined && remote !== undefined) return "live";
  const survivor = local ?? remote;
  if (survivor === undefined) return "forget";
  if (synced === undefined) return "live";
  if (!isSamePlace(wishedPlace(id, survivor) ?? placeOfItem(synced), placeOfItem(synced))) {
    return survivor.type === "folder" ? "renew" : "live";
  }
  if (local?.content === "unknown") return "undecided";
  return isSameContent(survivor, synced) ? "delete" : "live";
}

function judgePlace({ id, synced, local, remote }: Standing, rootId: EntryId): Pick<Verdict, "place" | "placeFrom"> {
  const here = local && wishedPlace(id, local);
  const there = remote && wishedPlace(id, remote);
  if (here !== undefined && there !== undefined) {
    if (isSamePlace(here, there)) return { place: there, placeFrom: "both" };
    const movedThere = synced === undefined || !isSamePlace(there, placeOfItem(synced));
    return movedThere ? { place: there, placeFrom: "remote" } : { place: here, placeFrom: "local" };
  }
  if (there !== undefined) return { place: there, placeFrom: "remote" };
  if (here !== undefined) return { place: here, placeFrom: "local" };
  return { place: { parentId: remote?.parentId ?? rootId, name: recoveredName(id) }, placeFrom: "neither" };
}

/** Undefined when the entry is where only the engine put it. */
function wishedPlace(id: EntryId, item: Item): Place | undefined {
  return item.parentId === limboId || item.name === temporaryName(id) ? undefined : placeOfItem(item);
}

function judgeContent({ synced, local, remote }: Standing): ContentVerdict {
  if (local === undefined || remote === undefined || local.type === "folder") return "none";
  if (local.content === "unknown") return "unknown";
  if (isSameContent(local, remote)) return "same";
  if (synced === undefined) return "conflict";
  if (isSameContent(local, synced)) return "take_remote";
  return isSameContent(remote, synced) ? "give_local" : "conflict";
}

/**
 * Where one side wrote new content and the other only set the time or mode, the latter is what somebody asked for and the former came along with the
 * writing: both apply. Otherwise the server's change goes first.
 */
function judgeAttributes({ synced, local, remote }: Standing, content: ContentVerdict): Attributes | undefined {
  if (local === undefined || remote === undefined) return undefined;
  if (content === "none" || content === "unknown" || content === "conflict") return undefined;
  if (synced === undefined) return { modifiedMs: remote.modifiedMs, executable: remote.executable };
  const [first, second] = content === "take_remote" ? [local, remote] : [remote, local];
  return {
    modifiedMs: (first.modifiedMs === synced.modifiedMs ? second : first).modifiedMs,
    executable: (first.executable === synced.executable ? second : first).executable,
  };
}

/** Whether remote has news of the entry that local has not: what a deletion on the server must not take along unseen. */
export function hasRemoteNews({ synced, local, remote }: Standing): boolean {
  if (remote === undefined) return false;
  if (synced === undefined) return local === undefined || !isSameContent(local, remote);
  const differs = (base: Item): boolean =>
    !isSamePlace(placeOfItem(remote), placeOfItem(base)) ||
    !isSameContent(remote, base) ||
    !hasAttributes(remote, base);
  return differs(synced) && (local === undefined || differs(local));
}
