import { isSameContent } from "../tree/compare.ts";
import type { Decision } from "../plan/board.ts";

/** A local newcomer that equals what the server wants to put in its place, but which this device has elsewhere: a copy of it, needed no more. [RC43] */
export function isDuplicate(holder: Decision, newcomer: Decision): boolean {
  const { local } = holder;
  const { remote } = newcomer;
  if (!isNewFile(holder) || holder.type !== newcomer.type) return false;
  return local !== undefined && remote !== undefined && local.content === "known" && isSameContent(local, remote);
}

/** Whether it is a duplicate isn't known before it is read. */
export function isUnreadTwin(holder: Decision, newcomer: Decision): boolean {
  return isNewFile(holder) && holder.type === newcomer.type && holder.local?.content === "unknown";
}

function isNewFile({ type, synced, remote }: Decision): boolean {
  return type !== "folder" && synced === undefined && remote === undefined;
}
