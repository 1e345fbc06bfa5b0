import {
  fileKindOf,
  parseTimestamp,
  workspaceOfEntry,
  type EntryId,
  type EntryState,
  type FileKind,
  type SearchMatch,
  type SearchResult,
} from "@satchel/protocol";
import type { LivingEntry, TreeStore } from "../../storage/metadata/tree-store.ts";
import type { NumberRange } from "../../storage/search/search-index.ts";
import { describeListed } from "../files/entry-view.ts";
import { matchName, type NameMatch } from "./match-name.ts";
import type { Sought } from "./sought.ts";
import type { Snippet } from "./texts/match-text.ts";

/** Those of the entries that fit as they are now, in the same order. */
export async function describeLiving(
  tree: TreeStore,
  sought: Sought,
  entries: readonly { readonly id: EntryId }[],
): Promise<SearchResult[]> {
  if (entries.length === 0) return [];
  const living = await tree.findLiving(entries.map(({ id }) => id));
  const byId = new Map(living.map((each) => [each.entry.id, each]));
  return entries.flatMap(({ id }) => {
    const entry = byId.get(id);
    return (entry && fits(sought, entry.entry) && describe(sought, entry, undefined)) || [];
  });
}

/** Does the entry, as it is now, pass all but the words? */
export function passesFilters({ request, modifiedMs }: Sought, entry: EntryState): boolean {
  if (entry.parent_id === null) return false;
  if (request.kinds && !request.kinds.includes(kindOf(entry))) return false;
  const isSized = request.size.from !== undefined || request.size.to !== undefined;
  if (isSized && (entry.type === "folder" || !isWithin(entry.size, request.size))) return false;
  const isTimed = modifiedMs.from !== undefined || modifiedMs.to !== undefined;
  if (isTimed && (entry.modified === null || !isWithin(parseTimestamp(entry.modified), modifiedMs))) return false;
  return true;
}

/** Does the entry fit by its name, as it is now? */
export function fits(sought: Sought, entry: EntryState): boolean {
  return (
    passesFilters(sought, entry) && (sought.name.words.length === 0 || matchName(sought.name, entry.name) !== undefined)
  );
}

function isWithin(value: number, { from, to }: NumberRange): boolean {
  return (from === undefined || value >= from) && (to === undefined || value <= to);
}

/** With the snippet of its text where it was found by that. Undefined when it lies outside of where is searched. */
export function describe(
  { name, scope }: Sought,
  { entry, path, folders }: LivingEntry,
  snippet: Snippet | undefined,
): SearchResult | undefined {
  const workspaceId = workspaceOfEntry(entry.id);
  const place = scope.find((each) => each.workspaceId === workspaceId && folders.includes(each.within));
  if (!place) return undefined;
  const matched: NameMatch | undefined = name.words.length === 0 ? undefined : matchName(name, entry.name);
  const match: SearchMatch = snippet ? "content" : (matched?.match ?? "any");
  return {
    ...describeListed(entry),
    path: place.path + path,
    parent_folder_id: entry.parent_id,
    workspace_id: workspaceId,
    kind: kindOf(entry),
    shared: place.isShared,
    match,
    found: (matched?.found ?? []).map(([from, to]) => [from, to]),
    snippet: snippet ?? null,
  };
}

/** As it is indexed. */
export function kindOf({ type, name }: Pick<EntryState, "type" | "name">): FileKind {
  return type === "file" ? fileKindOf(name) : type;
}
