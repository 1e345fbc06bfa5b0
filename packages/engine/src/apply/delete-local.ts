import type { EntryId } from "@satchel/protocol";
import { forget } from "../books/forget.ts";
import { DiskError, type Disk } from "../ports/disk.ts";
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
  if (context.mounts.has(id)) return withdrawMount(context, id, path);
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

/** What stays of a mount is a folder like any other, which the next look finds anew. [EN101] */
async function withdrawMount(context: ApplyContext, id: EntryId, path: string): Promise<boolean> {
  const { state, mounts, lookAgain } = context;
  const isGone = await emptyMount(context, id, path);
  state.transaction(() => {
    state.local.remove(id);
    if (state.remote.find(id)) return state.mark(id);
    mounts.remove(id);
    forget(state, id);
  });
  if (!isGone) lookAgain(path);
  return true;
}

async function emptyMount({ mounts, mountHost }: ApplyContext, id: EntryId, path: string): Promise<boolean> {
  const workspaceId = mounts.find(id);
  return workspaceId !== undefined && mountHost !== undefined && (await mountHost.withdraw({ workspaceId, path }));
}

async function deleteFile(
  { state, disk, lookAgain, onUnsure }: ApplyContext,
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
      if (onUnsure && (await mayBeGone(disk, { local, path }, error))) onUnsure(local.id);
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
  const { state, disk, lookAgain, onUnsure } = context;
  if (context.mounts.has(local.id)) {
    const isGone = await emptyMount(context, local.id, path);
    removed.push(local.id);
    if (!isGone) lookAgain(path);
    return isGone;
  }
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
    if (onUnsure && (await mayBeGone(disk, { local, path }, error))) onUnsure(local.id);
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

/** All that a disk refuses for a reason it did not do; of the rest, what is there still did not go: it is in use by another program, say. */
async function mayBeGone(
  disk: Pick<Disk, "stat">,
  { local, path }: { readonly local: LocalRecord; readonly path: string },
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof DiskError) || error.code !== "failed") return false;
  try {
    return (await disk.stat(path))?.inode !== local.inode;
  } catch (failure) {
    if (!(failure instanceof DiskError)) throw failure;
    return true;
  }
}
