import type { EntryId } from "@satchel/protocol";
import { forget } from "../books/forget.ts";
import { DiskError } from "../ports/disk.ts";
import { joinPath } from "../scan/join-path.ts";
import { holdsOnlyIgnored } from "../scan/only-ignored.ts";
import type { LocalRecord } from "../state/state-store.ts";
import type { ApplyContext } from "./local-operations.ts";

/**
 * Deletes an entry that the server has no more, a folder with all that is in it. A file goes only if it is, to its fingerprint, what both sides last agreed on; whatever else is found stays, with
 * the folders that it is in, and is looked at again. Returns whether all of it is gone.
 */
export async function deleteLocal(context: ApplyContext, id: EntryId): Promise<boolean> {
  const { state } = context;
  const local = state.local.find(id);
  const path = state.localPath(id);
  if (!local || path === undefined || id === state.rootId) return false;
  await context.checkRoot();
  const removed: EntryId[] = [];
  try {
    const remove = local.type === "folder" ? deleteFolder : deleteFile;
    if (!(await remove(context, local, path, removed))) return false;
  } finally {
    state.transaction(() => {
      if (removed.at(-1) === id) state.local.removeSubtrees([id]);
      else for (const each of removed) state.local.remove(each);
      state.mark(id);
    });
  }
  state.transaction(() => !state.remote.find(id) && forget(state, id));
  return true;
}

async function deleteFile(
  { state, disk, lookAgain }: ApplyContext,
  local: LocalRecord,
  path: string,
  removed: EntryId[],
): Promise<boolean> {
  if (local.content !== "known" || local.contentHash === null || local.fingerprint === null) return false;
  const base = state.synced.find(local.id);
  // Without a base it is a copy of what the server has elsewhere. [RC43]
  if (base ? base.contentHash !== local.contentHash : !state.serverHasContent(local.contentHash)) return false;
  try {
    await disk.removeFile(path, local.fingerprint);
  } catch (error) {
    if (!(error instanceof DiskError) || error.code !== "gone") {
      lookAgain(path);
      throw error;
    }
  }
  removed.push(local.id);
  return true;
}

async function deleteFolder(
  context: ApplyContext,
  local: LocalRecord,
  path: string,
  removed: EntryId[],
): Promise<boolean> {
  const { state, disk, lookAgain } = context;
  const outcomes = await Promise.allSettled(
    state.local.children(local.id).map((child) => {
      const childPath = joinPath(path, child.name);
      const remove = child.type === "folder" ? deleteFolder : deleteFile;
      return remove(context, child, childPath, removed);
    }),
  );
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  if (!outcomes.every((outcome) => outcome.status === "fulfilled" && outcome.value)) return false;
  try {
    await disk.removeFolder(path);
  } catch (error) {
    if (!(error instanceof DiskError) || (error.code !== "gone" && error.code !== "not_empty")) throw error;
    if (error.code === "not_empty" && !(await holdsOnlyIgnored(context, path))) {
      lookAgain(`${path}/`);
      return false;
    }
    if (error.code === "not_empty" && local.inode !== null) state.addLeftover(local.inode);
  }
  removed.push(local.id);
  return true;
}
