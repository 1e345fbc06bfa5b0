import type { EntryId } from "@satchel/protocol";
import { hasAttributes, placeOfItem } from "../tree/compare.ts";
import type { LocalItem, RemoteItem, Trees } from "../tree/item.ts";
import { isSamePlace, temporaryName } from "../tree/place.ts";
import { limboId, viewOf } from "../tree/view.ts";
import type { IngestOperation, LocalOperation, RemoteOperation } from "./operation.ts";
import { judge, type Standing } from "./verdict.ts";

/** What an entry can be brought on by, without a plan for all. */
export type LoneOperation =
  | IngestOperation
  | (LocalOperation & { readonly do: "make_folder" | "fetch" })
  | (RemoteOperation & { readonly do: "create_remote" | "edit_remote" });

/**
 * What a plan of all that is pending would do with one entry, where that follows from the entry and its folder alone: something new, for whose name there is room in a folder that both
 * sides have, or new content of what is in the same place everywhere. A burst of thousands of files is then planned file by file, instead of all of them again and again. [RC91]
 *
 * @param trees as they are; ask for a new function when folders were made, moved or deleted in them. The function's `isComing` tells of a folder that only one side has whether it is about to be made on the other
 * @returns the one operation; undefined when only a whole plan can tell
 */
export function lonePlanner(
  trees: Omit<Trees, "changed">,
): (id: EntryId, isComing: (folderId: EntryId) => boolean) => LoneOperation | undefined {
  const { rootId } = trees;
  const local = viewOf(trees.local, rootId);
  const remote = viewOf(trees.remote, rootId);

  const toRead = ({ id, local: mine }: Standing, operation: LoneOperation): LoneOperation =>
    mine?.content === "unknown" ? { do: "ingest", id } : operation;

  const newHere = (standing: Standing, mine: LocalItem, isComing: (folderId: EntryId) => boolean) => {
    const place = placeOfItem(mine);
    if (place === undefined || place.parentId === limboId || trees.remote.find(mine.id) !== undefined) return undefined;
    // In a folder that is about to come every name is free.
    if (remote.find(place.parentId) === undefined) {
      if (!isComing(place.parentId)) return undefined;
    } else if (trees.remote.findChild(place.parentId, place.name) !== undefined) return undefined;
    return toRead(standing, { do: "create_remote", id: mine.id, place });
  };

  const newThere = ({ id }: Standing, theirs: RemoteItem, isComing: (folderId: EntryId) => boolean) => {
    const place = placeOfItem(theirs);
    if (place === undefined || place.name === temporaryName(id) || trees.local.find(id) !== undefined) return undefined;
    if (local.find(place.parentId)?.type !== "folder") {
      if (!isComing(place.parentId)) return undefined;
    } else if (trees.local.findChild(place.parentId, place.name) !== undefined) return undefined;
    return { do: theirs.type === "folder" ? ("make_folder" as const) : ("fetch" as const), id, place };
  };

  const inPlace = (standing: Standing, mine: LocalItem, theirs: RemoteItem): LoneOperation | undefined => {
    const { id, synced } = standing;
    const place = placeOfItem(theirs);
    if (place === undefined || synced === undefined) return undefined;
    if (!isSamePlace(place, placeOfItem(mine)) || !isSamePlace(place, placeOfItem(synced))) return undefined;
    const { content, attributes } = judge(standing, rootId);
    if (content === "unknown") return { do: "ingest", id };
    if (attributes === undefined) return undefined;
    if (content === "take_remote" && hasAttributes(theirs, attributes)) return { do: "fetch", id, place };
    if (content === "give_local" && hasAttributes(mine, attributes)) return { do: "edit_remote", id };
    return undefined;
  };

  return (id, isComing) => {
    const standing = { id, synced: trees.synced.find(id), local: local.find(id), remote: remote.find(id) };
    const { synced, local: mine, remote: theirs } = standing;
    if (mine !== undefined && theirs !== undefined) return inPlace(standing, mine, theirs);
    if (synced !== undefined) return undefined;
    if (mine !== undefined) return newHere(standing, mine, isComing);
    return theirs && newThere(standing, theirs, isComing);
  };
}
