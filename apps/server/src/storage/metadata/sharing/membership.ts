import { maxShareMembers, ProblemError, type AccountId, type WorkspaceId } from "@satchel/protocol";
import { findRole, putMember, removeMember } from "../access/members.ts";
import type { RandomBytes } from "../commit/change-set.ts";
import { effectiveQuota } from "../ledger/effective-quota.ts";
import { readWorkspace } from "../rows/workspace-row.ts";
import type { ShareStore } from "../share-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { dropInvitation, findInvitedRole } from "./invitations.ts";
import { mount, unmount } from "./mounts.ts";
import { requireRoomForShare, requireShare } from "./shares.ts";

/** See ShareStore.accept. */
export async function accept(
  session: SqlSession,
  request: Parameters<ShareStore["accept"]>[0],
  randomBytes: RandomBytes,
): ReturnType<ShareStore["accept"]> {
  const { workspaceId, accountId, keys, nowMs } = request;
  const { name: shareName } = await requireShare(session, workspaceId, { lock: true });
  const invited = await findInvitedRole(session, workspaceId, keys);
  const present = await findRole(session, workspaceId, accountId);
  if (present === undefined && invited === undefined)
    throw new ProblemError("not_found", "There is no such shared folder");
  if (present === undefined && invited !== undefined) {
    await requireRoomForMember(session, workspaceId);
    await requireRoomForShare(session, accountId);
    await putMember(session, { workspaceId, accountId, role: invited, nowMs });
  }
  await dropInvitation(session, workspaceId, keys);
  return { change: await mount(session, { ...request, shareName }, randomBytes) };
}

async function requireRoomForMember(session: SqlSession, workspaceId: WorkspaceId): Promise<void> {
  const [count] = await session.all<{ members: number }>(
    "SELECT count(*) AS members FROM workspace_members WHERE workspace_id = $1",
    [workspaceId],
  );
  if ((count?.members ?? 0) >= maxShareMembers)
    throw new ProblemError("limit_exceeded", `A shared folder has at most ${maxShareMembers} members`);
}

/** See ShareStore.removeMember. */
export async function removeFromShare(
  session: SqlSession,
  request: Parameters<ShareStore["removeMember"]>[0],
  randomBytes: RandomBytes,
): ReturnType<ShareStore["removeMember"]> {
  const { workspaceId, accountId } = request;
  const { owner } = await requireShare(session, workspaceId, { lock: true });
  if (owner === accountId)
    throw new ProblemError("forbidden", "The owner can't go: hand the folder over to another member first");
  if ((await findRole(session, workspaceId, accountId)) === undefined) return { wasMember: false, change: undefined };
  await removeMember(session, workspaceId, accountId);
  return { wasMember: true, change: await unmount(session, request, randomBytes) };
}

/** See ShareStore.setRole. */
export async function setShareRole(
  session: SqlSession,
  { workspaceId, accountId, role, nowMs }: Parameters<ShareStore["setRole"]>[0],
): ReturnType<ShareStore["setRole"]> {
  const { owner } = await requireShare(session, workspaceId, { lock: true });
  const present = await findRole(session, workspaceId, accountId);
  if (present === undefined) throw new ProblemError("not_found", "There is no such member");
  if (present === role) return { formerOwner: undefined };
  if (owner === accountId)
    throw new ProblemError("forbidden", "The owner stays the owner until another member is made it");
  if (role !== "owner") {
    await putMember(session, { workspaceId, accountId, role, nowMs });
    return { formerOwner: undefined };
  }
  await handOver(session, { workspaceId, from: owner, to: accountId, nowMs });
  return { formerOwner: owner };
}

/** All that is in it counts for the new owner from now on, who has to have the room. @throws quota_exceeded */
async function handOver(
  session: SqlSession,
  { workspaceId, from, to, nowMs }: { workspaceId: WorkspaceId; from: AccountId; to: AccountId; nowMs: number },
): Promise<void> {
  await removeMember(session, workspaceId, to);
  await session.run("UPDATE workspaces SET owner_account_id = $2 WHERE workspace_id = $1", [workspaceId, to]);
  await putMember(session, { workspaceId, accountId: from, role: "editor", nowMs });
  const workspace = await readWorkspace(session, workspaceId);
  const quota = await effectiveQuota(session, workspaceId, { workspace, lock: true });
  if (quota !== null && workspace.used_bytes > quota)
    throw new ProblemError("quota_exceeded", "The new owner has no room for what is in the folder", {
      extra: { missing_bytes: workspace.used_bytes - quota },
    });
}
