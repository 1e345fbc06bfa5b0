import type { AccountId } from "@satchel/protocol";
import type { Audit } from "../audit/audit.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import type { Sharing } from "./sharing.ts";

/** The same, with every change recorded: for who made it, and for whom it is about. */
export function auditedSharing(sharing: Sharing, audit: Audit): Sharing {
  const record = async (
    { accountId, deviceId }: Caller,
    action: "folder_shared" | "role_changed",
    detail: Readonly<Record<string, string | null>>,
    about?: AccountId,
  ): Promise<void> => {
    await audit.record({ action, accountId, deviceId, detail });
    if (about !== undefined && about !== accountId)
      await audit.record({ action, accountId: about, actor: accountId, deviceId: null, detail });
  };
  return {
    ...sharing,
    async create(caller, folderId) {
      const share = await sharing.create(caller, folderId);
      await record(caller, "folder_shared", { change: "shared", workspace: share.workspace_id });
      return share;
    },
    async invite(caller, workspaceId, invitation) {
      await sharing.invite(caller, workspaceId, invitation);
      await record(caller, "role_changed", { change: "invited", workspace: workspaceId, role: invitation.role });
    },
    async uninvite(caller, workspaceId, who) {
      await sharing.uninvite(caller, workspaceId, who);
      await record(caller, "role_changed", { change: "invitation taken back", workspace: workspaceId });
    },
    async accept(caller, workspaceId, place) {
      const share = await sharing.accept(caller, workspaceId, place);
      await record(caller, "role_changed", { change: "accepted", workspace: workspaceId, role: share.role });
      return share;
    },
    async decline(caller, workspaceId) {
      await sharing.decline(caller, workspaceId);
      await record(caller, "role_changed", { change: "declined", workspace: workspaceId });
    },
    async leave(caller, workspaceId) {
      await sharing.leave(caller, workspaceId);
      await record(caller, "role_changed", { change: "left", workspace: workspaceId });
    },
    async setRole(caller, workspaceId, member) {
      await sharing.setRole(caller, workspaceId, member);
      const detail = { change: "role", workspace: workspaceId, role: member.role, member: member.accountId };
      await record(caller, "role_changed", detail, member.accountId);
    },
    async remove(caller, workspaceId, accountId) {
      const wasMember = await sharing.remove(caller, workspaceId, accountId);
      const detail = { change: "removed", workspace: workspaceId, member: accountId };
      // Whoever was none has nothing to read about it in their own log.
      await record(caller, "role_changed", detail, wasMember ? accountId : undefined);
      return wasMember;
    },
  };
}
