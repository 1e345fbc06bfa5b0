import type { ChangeSet } from "../commit/change-set.ts";
import { deleteChildren } from "../commit/delete-children.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import { freeName } from "./free-name.ts";
import { wakeDescendants } from "./wake-descendants.ts";

/** Brings a deleted entry back to its place, with what was in it when it was deleted; folders above it that are gone come back with nothing else in them. Does nothing to a living entry. */
export async function undelete(changes: ChangeSet, row: EntryRow): Promise<void> {
  const chain = changes.tree.lineOf(row);
  const topmost = chain.findIndex((each) => each.deleted_at_ms !== null);
  if (topmost < 0) return;
  const returning = chain.slice(topmost);
  for (const [index, folder] of returning.slice(0, -1).entries()) {
    const kept = returning[index + 1];
    await bringBack(changes, folder);
    await deleteChildren(changes, folder, kept?.entry_id);
  }
  await bringBack(changes, row);
  if (row.type === "folder") await wakeDescendants(changes, row.entry_id);
}

async function bringBack(changes: ChangeSet, row: EntryRow): Promise<void> {
  if (row.parent_id === null) throw new Error("the root can't have been deleted");
  const name = await freeName(changes, { row, parentId: row.parent_id, name: row.name });
  changes.change({ ...row, name, deleted_at_ms: null, deleted_by: null }, "restored");
}
