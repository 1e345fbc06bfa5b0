import { isRootEntry, ProblemError, rootEntryId, workspaceOfEntry } from "@satchel/protocol";
import { ChangeSet, type RandomBytes } from "../commit/change-set.ts";
import { describeChanges } from "../commit/describe-changes.ts";
import { keepUpStamps } from "../dav/folder-stamps.ts";
import { noteUnsent } from "../outbox/sql-outbox-store.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import { lockWorkspace, type WorkspaceRow } from "../rows/workspace-row.ts";
import type { ShareStore } from "../share-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { foldersBelow } from "./folders-below.ts";
import { moveSubtree } from "./move-subtree.ts";
import { requireRoomForShare } from "./shares.ts";

/** The most entries, living and deleted, that a folder may hold when it is shared: it happens in one transaction. */
export const maxSharedEntries = 1_000_000;

type CreateRequest = Parameters<ShareStore["create"]>[0];

/** See ShareStore.create. */
export async function shareFolder(
  session: SqlSession,
  request: CreateRequest,
  randomBytes: RandomBytes,
): ReturnType<ShareStore["create"]> {
  const { folderId, workspaceId, author, nowMs } = request;
  const from = workspaceOfEntry(folderId);
  const workspace = await lockWorkspace(session, from);
  const changes = new ChangeSet({ session, workspaceId: from, workspace, author, nowMs, randomBytes });
  await changes.tree.load([folderId]);
  const folder = changes.tree.findAlive(folderId);
  if (folder?.type !== "folder") throw new ProblemError("not_found", "There is no such folder");
  if (folder.mounts !== null) return { workspaceId: folder.mounts, change: undefined };
  if (isRootEntry(folderId) || workspace.root_workspace_id !== from)
    throw new ProblemError("share_nested", "Only a folder of your own can be shared, and not all of them at once");
  await requireRoomForShare(session, workspace.owner_account_id);
  const folders = await foldersBelow(session, folderId, { maxEntries: maxSharedEntries });
  await openWorkspace(session, request, { folder, workspace });
  // The records of what moves leave this journal, also those of how it came here from other folders.
  await keepUpStamps(session, from, workspace.head);
  await moveSubtree(session, { folderId, from, to: workspaceId, folders }, nowMs);
  changes.change({ ...folder, mounts: workspaceId }, "created");
  await changes.flush();
  // Not `finish`, which would write the use of before: that has just been counted anew.
  await session.run("UPDATE workspaces SET head = $2, head_at_ms = $3 WHERE workspace_id = $1", [
    from,
    changes.after.sequence,
    nowMs,
  ]);
  await noteUnsent(session, { workspaceId: from, before: changes.before, after: changes.after });
  const told = await describeChanges(changes);
  return { workspaceId, change: { workspaceId: from, before: changes.before, after: changes.after, changes: told } };
}

/**
 * The new workspace begins where the old one is, on its time line: what moves keeps its sequences, so that whoever knew the folder up to a place in the one feed knows it up to there in the other.
 */
async function openWorkspace(
  session: SqlSession,
  { workspaceId, nowMs }: CreateRequest,
  { folder, workspace }: { readonly folder: EntryRow; readonly workspace: WorkspaceRow },
): Promise<void> {
  await session.run(
    `INSERT INTO workspaces (workspace_id, owner_account_id, head, epoch, feed_horizon, used_bytes, quota_bytes, created_at_ms)
     VALUES ($1, $2, $3, $4, $5, 0, NULL, $6)`,
    [workspaceId, workspace.owner_account_id, workspace.head, workspace.epoch, workspace.feed_horizon, nowMs],
  );
  await session.run(
    `INSERT INTO entries (workspace_id, entry_id, name, type, size, executable, sequence) VALUES ($1, $2, '', 'folder', 0, 0, 0)`,
    [workspaceId, rootEntryId(workspaceId)],
  );
  await session.run("INSERT INTO shares (workspace_id, name, created_at_ms) VALUES ($1, $2, $3)", [
    workspaceId,
    folder.name,
    nowMs,
  ]);
}
