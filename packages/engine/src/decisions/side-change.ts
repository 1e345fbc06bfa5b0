import type { Item } from "@satchel/reconcile";

/** What became of an entry on one side since both last agreed: the rows and columns of the table in docs/spec/reconcile.md. */
export type SideChange =
  | "absent"
  | "created"
  | "unchanged"
  | "touched"
  | "edited"
  | "moved"
  | "edited+moved"
  | "unread"
  | "deleted";

/** @param now what the side has; `isUnread`: a file that changed and was not read since */
export function sideChange(base: Item | undefined, now: Item | undefined, isUnread = false): SideChange {
  if (now === undefined) return base === undefined ? "absent" : "deleted";
  if (base === undefined) return "created";
  if (isUnread) return "unread";
  const isMoved = now.parentId !== base.parentId || now.name !== base.name;
  const isEdited = now.contentHash !== base.contentHash;
  if (isEdited) return isMoved ? "edited+moved" : "edited";
  if (isMoved) return "moved";
  const isTouched = now.modifiedMs !== base.modifiedMs || now.executable !== base.executable;
  return isTouched ? "touched" : "unchanged";
}
