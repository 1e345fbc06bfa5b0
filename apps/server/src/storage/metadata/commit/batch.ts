import { isDeviceFolderName, rootEntryId, type EntryId } from "@satchel/protocol";
import type { EntryRow } from "../rows/entry-row.ts";
import type { ChangedSince } from "./changed-since.ts";
import type { ChangeSet } from "./change-set.ts";
import { maxFolderEntries, type FolderSizes } from "./folder-sizes.ts";
import type { LoadedBatch } from "./load-batch.ts";
import { Refusal } from "./refusal.ts";

/** A batch in progress. */
export interface Batch extends LoadedBatch {
  readonly changes: ChangeSet;
  readonly changedSince: ChangedSince;
  readonly folderSizes: FolderSizes;
}

/** @throws Refusal not_found */
export function livingEntry({ tree }: ChangeSet, id: EntryId): EntryRow {
  const row = tree.findAlive(id);
  if (!row) throw new Refusal("not_found", "There is no such entry");
  return row;
}

/** @throws Refusal not_found */
export function livingFolder({ tree }: ChangeSet, id: EntryId): EntryRow {
  const row = tree.findAlive(id);
  if (row?.type !== "folder") throw new Refusal("not_found", "There is no such folder");
  // What is in a shared folder belongs to its own workspace, and is named by ids of that.
  if (row.mounts !== null) throw new Refusal("not_found", "This is a shared folder: what is in it has other ids");
  return row;
}

/** The most folders that lie in one another, the root not counted. */
export const maxDepth = 1000;

/** The folder has to be alive, not too deep, and not full of entries. @throws Refusal not_found, limit_exceeded */
export function requireRoom({ changes, folderSizes }: Pick<Batch, "changes" | "folderSizes">, parentId: EntryId): void {
  const folder = livingFolder(changes, parentId);
  if (changes.tree.lineOf(folder).length > maxDepth)
    throw new Refusal("limit_exceeded", `Folders may lie ${maxDepth} deep in one another, and no deeper`);
  if (!folderSizes.add(parentId))
    throw new Refusal("limit_exceeded", `A folder holds at most ${maxFolderEntries} entries: spread them over several`);
}

/** In the outermost folder a device has its own folder at this name, in which nothing is ever synchronised; a shared folder lies further inside. [MD29] @throws Refusal bad_request */
export function requireOrdinaryName(
  { context }: ChangeSet,
  { parentId, name }: { readonly parentId: EntryId; readonly name: string },
): void {
  const { workspaceId, workspace } = context;
  const outermost = rootEntryId(workspace.root_workspace_id ?? workspaceId);
  if (parentId === outermost && isDeviceFolderName(name))
    throw new Refusal("bad_request", `The name ${name} is that of the folder which each device keeps for itself`);
}

/** @throws Refusal name_taken */
export function checkNameFree(
  { tree }: ChangeSet,
  place: { readonly id: EntryId; readonly parentId: EntryId; readonly name: string },
): void {
  const holder = tree.findHolder(place);
  if (holder && holder.entry_id !== place.id)
    throw new Refusal("name_taken", "There is something of this name already", { current: holder });
}
