import type { EntryId } from "@satchel/protocol";
import { limboId } from "@satchel/reconcile";
import { limboFolder, ownFolder } from "../state/own-folder.ts";
import type { LocalRecord, StateStore } from "../state/state-store.ts";

/** How far the local tree knows a path. */
export interface KnownPath {
  /** The deepest folder on the way that is known; of a path whose whole way is known, the one that it is in. */
  readonly folderId: EntryId;
  readonly folder: string;
  /** The first name that is in that folder. '' where the path ends with '/': all that is in it. */
  readonly name: string;
}

/**
 * Finds the known part of a path's way. The engine's own folder is no part of the tree, and nothing in it is ever taken for an entry, but for what waits in limbo and the books know of. [EN29]
 *
 * @returns undefined for anything else in the engine's own folder
 */
export function lookUpPath(state: StateStore, path: string): KnownPath | undefined {
  const names = path.split("/");
  const isParked = path.startsWith(`${limboFolder}/`);
  if (names[0] === ownFolder && !isParked) return undefined;
  let folderId = isParked ? limboId : state.rootId;
  const start = isParked ? limboFolder.split("/").length : 0;
  if (isParked && !state.local.findChild(limboId, names[start] ?? "")) return undefined;
  let depth = start;
  for (; depth < names.length - 1; depth += 1) {
    const child: LocalRecord | undefined = state.local.findChild(folderId, names[depth] ?? "");
    if (child?.type !== "folder") break;
    folderId = child.id;
  }
  return { folderId, folder: names.slice(0, depth).join("/"), name: names[depth] ?? "" };
}

/** The folder at a path; undefined when none is known there. */
export function findFolder(state: StateStore, path: string): EntryId | undefined {
  if (path === "") return state.rootId;
  if (path === limboFolder) return limboId;
  const known = lookUpPath(state, `${path}/`);
  return known?.folder === path ? known.folderId : undefined;
}
