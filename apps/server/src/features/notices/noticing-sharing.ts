import type { AccountId, WorkspaceId } from "@satchel/protocol";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { ShareStore } from "../../storage/metadata/share-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { findInvitee } from "../sharing/invitees.ts";
import type { Sharing } from "../sharing/sharing.ts";
import type { Notices } from "./notices.ts";

interface SharingNoticeParts {
  readonly notices: Notices;
  readonly shares: ShareStore;
  readonly identity: IdentityStore;
}

/** The same, with whom it is about told of it. Whoever is invited by an address isn't: whose that is, is nobody's to know. [NO4] */
export function noticingSharing(sharing: Sharing, { notices, shares, identity }: SharingNoticeParts): Sharing {
  /** What the folder is called, and who did it. */
  const describe = async ({ accountId: by }: Caller, workspaceId: WorkspaceId, role?: string) => {
    const folder = (await shares.find(workspaceId, by))?.name ?? "";
    const detail = { folder, workspace: workspaceId, ...(role !== undefined && { role }) };
    return { subject: workspaceId, by, detail };
  };
  const tellMember = (
    caller: Caller,
    workspaceId: WorkspaceId,
    member: { readonly accountId: AccountId; readonly role?: string },
  ): void => {
    const { accountId, role } = member;
    if (accountId === caller.accountId) return;
    const kind = role === undefined ? "access_removed" : "access_changed";
    notices.find(async () => [{ accountId, kind, ...(await describe(caller, workspaceId, role)) }]);
  };
  return {
    ...sharing,
    async invite(caller, workspaceId, invitation) {
      await sharing.invite(caller, workspaceId, invitation);
      notices.find(async () => {
        const [, accountId] = /^account:(.+)$/.exec((await findInvitee(identity, invitation.who)) ?? "") ?? [];
        if (accountId === undefined || accountId === caller.accountId) return [];
        if ((await shares.find(workspaceId, accountId as AccountId)) !== undefined) return [];
        const described = await describe(caller, workspaceId, invitation.role);
        return [{ accountId: accountId as AccountId, kind: "share_invitation", ...described }];
      });
    },
    async setRole(caller, workspaceId, member) {
      await sharing.setRole(caller, workspaceId, member);
      tellMember(caller, workspaceId, member);
    },
    async remove(caller, workspaceId, accountId) {
      const wasMember = await sharing.remove(caller, workspaceId, accountId);
      if (wasMember) tellMember(caller, workspaceId, { accountId });
      return wasMember;
    },
  };
}
