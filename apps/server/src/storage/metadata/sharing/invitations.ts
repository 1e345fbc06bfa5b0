import { maxShareMembers, ProblemError, type WorkspaceId } from "@satchel/protocol";
import type { InviteeKey, OpenInvitation, ShareInvitation, ShareStore } from "../share-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { requireShare } from "./shares.ts";

/** See ShareStore.invite. */
export async function invite(session: SqlSession, invitation: Parameters<ShareStore["invite"]>[0]): Promise<void> {
  const { workspaceId, inviteeKey, role, invitedBy, nowMs } = invitation;
  await requireShare(session, workspaceId, { lock: true });
  const [count] = await session.all<{ people: number }>(
    `SELECT (SELECT count(*) FROM workspace_members WHERE workspace_id = $1) + (SELECT count(*) FROM share_invitations WHERE workspace_id = $1) AS people`,
    [workspaceId],
  );
  if ((count?.people ?? 0) >= maxShareMembers)
    throw new ProblemError("limit_exceeded", `A shared folder has at most ${maxShareMembers} members`);
  const isMember = await session.all(
    `SELECT 1 AS one FROM workspace_members WHERE workspace_id = $1 AND 'account:' || account_id = $2
     UNION ALL SELECT 1 FROM workspaces WHERE workspace_id = $1 AND 'account:' || owner_account_id = $2`,
    [workspaceId, inviteeKey],
  );
  if (isMember.length > 0) return;
  await session.run(
    `INSERT INTO share_invitations (workspace_id, invitee_key, role, invited_by, created_at_ms) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (workspace_id, invitee_key) DO UPDATE SET role = excluded.role, invited_by = excluded.invited_by`,
    [workspaceId, inviteeKey, role, invitedBy, nowMs],
  );
}

/** See ShareStore.dropInvitation. */
export async function dropInvitation(
  session: SqlSession,
  workspaceId: WorkspaceId,
  keys: readonly InviteeKey[],
): Promise<boolean> {
  let dropped = 0;
  for (const key of keys)
    dropped += await session.run("DELETE FROM share_invitations WHERE workspace_id = $1 AND invitee_key = $2", [
      workspaceId,
      key,
    ]);
  return dropped > 0;
}

/** The role of the first of the keys that is invited; undefined for none. */
export async function findInvitedRole(
  session: SqlSession,
  workspaceId: WorkspaceId,
  keys: readonly InviteeKey[],
): Promise<ShareInvitation["role"] | undefined> {
  for (const key of keys) {
    const [row] = await session.all<{ role: ShareInvitation["role"] }>(
      "SELECT role FROM share_invitations WHERE workspace_id = $1 AND invitee_key = $2",
      [workspaceId, key],
    );
    if (row) return row.role;
  }
  return undefined;
}

/** See ShareStore.invitationsFor. */
export async function invitationsFor(session: SqlSession, keys: readonly InviteeKey[]): Promise<ShareInvitation[]> {
  const found = new Map<WorkspaceId, ShareInvitation>();
  for (const key of keys) {
    const rows = await session.all<{
      workspace_id: WorkspaceId;
      name: string;
      role: ShareInvitation["role"];
      inviter: string | null;
      created_at_ms: number;
    }>(
      `SELECT i.workspace_id, s.name, i.role, a.name AS inviter, i.created_at_ms FROM share_invitations i
       JOIN shares s ON s.workspace_id = i.workspace_id LEFT JOIN accounts a ON a.account_id = i.invited_by
       WHERE i.invitee_key = $1 ORDER BY i.created_at_ms DESC LIMIT ${maxToldInvitations}`,
      [key],
    );
    for (const row of rows) {
      if (found.has(row.workspace_id)) continue;
      const { workspace_id: workspaceId, name, role, inviter, created_at_ms: createdAtMs } = row;
      found.set(workspaceId, { workspaceId, name, role, invitedBy: inviter ?? "", createdAtMs });
    }
  }
  return [...found.values()];
}

/** See ShareStore.invitationsOf. */
export async function invitationsOf(session: SqlSession, workspaceId: WorkspaceId): Promise<OpenInvitation[]> {
  const rows = await session.all<{
    invitee_key: InviteeKey;
    name: string | null;
    role: OpenInvitation["role"];
    created_at_ms: number;
  }>(
    `SELECT i.invitee_key, a.name, i.role, i.created_at_ms FROM share_invitations i
     LEFT JOIN accounts a ON i.invitee_key = 'account:' || a.account_id
     WHERE i.workspace_id = $1 ORDER BY i.invitee_key LIMIT ${maxShareMembers}`,
    [workspaceId],
  );
  return rows.map(({ invitee_key: inviteeKey, name, role, created_at_ms: createdAtMs }) => ({
    inviteeKey,
    who: name ?? inviteeKey.slice(inviteeKey.indexOf(":") + 1),
    role,
    createdAtMs,
  }));
}

/** Older invitations than these wait until some of these are answered. */
const maxToldInvitations = 200;
