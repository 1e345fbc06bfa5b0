import {
  formatTimestamp,
  idPartBytes,
  makeWorkspaceId,
  maxMembersPerPage,
  ProblemError,
  rootEntryId,
  workspaceOfEntry,
  type AccountId,
  type EntryId,
  type InvitedRole,
  type Share,
  type ShareMembers,
  type ShareRole,
  type SharesResponse,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { InviteeKey, MountChange, SharedFolder, ShareStore } from "../../storage/metadata/share-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { authorOf } from "../identity/principal.ts";
import type { PublishCommit } from "../sync/commit-publisher.ts";
import { findInvitee, inviteeKeysOf, requireInvitee } from "./invitees.ts";

/** Folders that several accounts have. Every change may be repeated: it is done once. */
export interface Sharing {
  /** The caller's shared folders, and what they are invited to. */
  list(caller: Caller): Promise<SharesResponse>;
  /** Makes a folder a shared one. @throws not_found, share_nested, limit_exceeded */
  create(caller: Caller, folderId: EntryId): Promise<Share>;
  /** @throws not_found */
  members(
    caller: Caller,
    workspaceId: WorkspaceId,
    page: { readonly cursor: string | undefined; readonly limit: number | undefined },
  ): Promise<ShareMembers>;
  /** By user name or e-mail address; whoever has none yet finds it after signing up. @throws not_found, limit_exceeded */
  invite(caller: Caller, workspaceId: WorkspaceId, invitation: { who: string; role: InvitedRole }): Promise<void>;
  uninvite(caller: Caller, workspaceId: WorkspaceId, who: string): Promise<void>;
  /** @throws not_found, name_taken, limit_exceeded */
  accept(
    caller: Caller,
    workspaceId: WorkspaceId,
    place: { readonly parentId: EntryId | undefined; readonly name: string | undefined },
  ): Promise<Share>;
  decline(caller: Caller, workspaceId: WorkspaceId): Promise<void>;
  /** @throws not_found, forbidden for the owner */
  leave(caller: Caller, workspaceId: WorkspaceId): Promise<void>;
  /** @throws not_found, forbidden, quota_exceeded */
  setRole(caller: Caller, workspaceId: WorkspaceId, member: { accountId: AccountId; role: ShareRole }): Promise<void>;
  /** Answers whether they were a member. @throws not_found, forbidden for the owner */
  remove(caller: Caller, workspaceId: WorkspaceId, accountId: AccountId): Promise<boolean>;
}

export interface SharingParts {
  readonly authorisation: Authorisation;
  readonly shares: ShareStore;
  readonly identity: IdentityStore;
  readonly publish: PublishCommit;
  readonly bus: Bus;
  readonly host: Host;
}

export function createSharing(parts: SharingParts): Sharing {
  return { ...sharingOfOwn(parts), ...sharingWithMembers(parts) };
}

/** What callers do for themselves. */
function sharingOfOwn(parts: SharingParts): Pick<Sharing, "list" | "create" | "accept" | "decline" | "leave"> {
  const { authorisation, shares, identity, host } = parts;
  return {
    async list(caller) {
      const keys = await inviteeKeysOf(identity, caller.accountId);
      const [found, invitations] = await Promise.all([shares.list(caller.accountId), shares.invitationsFor(keys)]);
      return {
        shares: found.map(describeShare),
        invitations: invitations.map(({ workspaceId, name, role, invitedBy, createdAtMs }) => ({
          workspace_id: workspaceId,
          name,
          role,
          invited_by: invitedBy,
          created: formatTimestamp(createdAtMs),
        })),
      };
    },
    async create(caller, folder) {
      const folderId = await authorisation.requireEntry(caller, folder);
      const { workspaceId, change } = await shares.create({
        folderId,
        workspaceId: makeWorkspaceId(host.randomBytes(idPartBytes)),
        author: authorOf(caller),
        nowMs: host.nowMs(),
      });
      tellMount(parts, change);
      return await getMine(parts, caller, workspaceId);
    },
    async accept(caller, workspaceId, { parentId, name }) {
      const keys: InviteeKey[] = await inviteeKeysOf(identity, caller.accountId);
      const { change } = await shares.accept({
        workspaceId,
        accountId: caller.accountId,
        keys,
        parentId: requireOwnFolder(caller, parentId),
        name,
        author: authorOf(caller),
        nowMs: host.nowMs(),
      });
      tellRights(parts, workspaceId, caller.accountId);
      tellMount(parts, change);
      await tellOwner(parts, workspaceId);
      return await getMine(parts, caller, workspaceId);
    },
    async decline(caller, workspaceId) {
      if (!(await shares.dropInvitation(workspaceId, await inviteeKeysOf(identity, caller.accountId)))) return;
      tellNews(parts, caller.accountId);
      await tellOwner(parts, workspaceId);
    },
    async leave(caller, workspaceId) {
      await getMine(parts, caller, workspaceId);
      await removeMember(parts, caller, { workspaceId, accountId: caller.accountId });
      await tellOwner(parts, workspaceId);
    },
  };
}

/** What owners do with members; members see each other. */
function sharingWithMembers(
  parts: SharingParts,
): Pick<Sharing, "members" | "invite" | "uninvite" | "setRole" | "remove"> {
  const { authorisation, shares, identity, host } = parts;
  return {
    async members(caller, workspaceId, { cursor, limit }) {
      await authorisation.requireWorkspace(caller, workspaceId);
      const share = await getMine(parts, caller, workspaceId);
      const bound = Math.min(limit ?? maxMembersPerPage, maxMembersPerPage);
      const { members, next } = await shares.members({ workspaceId, after: cursor, limit: bound });
      // Whom else the owner asked is the owner's affair.
      const seesInvitations = share.role === "owner" && cursor === undefined;
      const invitations = seesInvitations ? await shares.invitationsOf(workspaceId) : [];
      return {
        members: members.map(({ accountId, name, role, addedAtMs }) => ({
          account_id: accountId,
          user: name,
          role,
          added: formatTimestamp(addedAtMs),
        })),
        invitations: invitations.map(({ who, role, createdAtMs }) => ({
          who,
          role,
          created: formatTimestamp(createdAtMs),
        })),
        cursor: next,
      };
    },
    async invite(caller, workspaceId, { who, role }) {
      await authorisation.requireWorkspace(caller, workspaceId);
      const inviteeKey = await requireInvitee(identity, who);
      await shares.invite({ workspaceId, inviteeKey, role, invitedBy: caller.accountId, nowMs: host.nowMs() });
      tellInvitee(parts, inviteeKey);
    },
    async uninvite(caller, workspaceId, who) {
      await authorisation.requireWorkspace(caller, workspaceId);
      const key = await findInvitee(identity, who);
      if (key === undefined) return;
      await shares.dropInvitation(workspaceId, [key]);
      tellInvitee(parts, key);
    },
    async setRole(caller, workspaceId, { accountId, role }) {
      await authorisation.requireWorkspace(caller, workspaceId);
      const { formerOwner } = await shares.setRole({ workspaceId, accountId, role, nowMs: host.nowMs() });
      tellRights(parts, workspaceId, accountId);
      if (formerOwner !== undefined) tellRights(parts, workspaceId, formerOwner);
    },
    async remove(caller, workspaceId, accountId) {
      await authorisation.requireWorkspace(caller, workspaceId);
      return await removeMember(parts, caller, { workspaceId, accountId });
    },
  };
}

/** @throws not_found */
async function getMine({ shares }: SharingParts, caller: Caller, workspaceId: WorkspaceId): Promise<Share> {
  const share = await shares.find(workspaceId, caller.accountId);
  if (!share) throw new ProblemError("not_found", "there is no such shared folder");
  return describeShare(share);
}

async function removeMember(
  parts: SharingParts,
  caller: Caller,
  { workspaceId, accountId }: { readonly workspaceId: WorkspaceId; readonly accountId: AccountId },
): Promise<boolean> {
  const [author, nowMs] = [authorOf(caller), parts.host.nowMs()];
  const { wasMember, change } = await parts.shares.removeMember({ workspaceId, accountId, author, nowMs });
  tellRights(parts, workspaceId, accountId);
  tellMount(parts, change);
  return wasMember;
}

/** This server's caches, connections and waiting polls follow at once. */
function tellRights({ bus }: SharingParts, workspaceId: WorkspaceId, accountId: AccountId): void {
  bus.publish({ kind: "rights_changed", workspaceId, accountId });
}

function tellNews({ bus }: SharingParts, accountId: AccountId): void {
  bus.publish({ kind: "account_news", accountId });
}

/** Somebody who is invited by an address is told by mail alone: whose it is, is nobody's to know. */
function tellInvitee(parts: SharingParts, key: InviteeKey): void {
  const [, accountId] = /^account:(.+)$/.exec(key) ?? [];
  if (accountId !== undefined) tellNews(parts, accountId as AccountId);
}

/** The owner sees members come and go. */
async function tellOwner(parts: SharingParts, workspaceId: WorkspaceId): Promise<void> {
  const { members } = await parts.shares.members({ workspaceId, after: undefined, limit: 1 });
  const [owner] = members;
  if (owner) tellNews(parts, owner.accountId);
}

/** Devices of the account whose root folder it is hear of it, whoever made the change. */
function tellMount({ publish }: SharingParts, change: MountChange | undefined): void {
  if (change) publish({ workspaceId: change.workspaceId, origin: null, outcome: change, carried: [] });
}

/** A shared folder is mounted in the member's own root folder: nowhere else. @throws not_found */
function requireOwnFolder({ rootWorkspaceId }: Caller, parentId: EntryId | undefined): EntryId {
  if (parentId === undefined) return rootEntryId(rootWorkspaceId);
  if (workspaceOfEntry(parentId) !== rootWorkspaceId) throw new ProblemError("not_found", "there is no such folder");
  return parentId;
}

function describeShare(share: SharedFolder): Share {
  return {
    workspace_id: share.workspaceId,
    name: share.name,
    role: share.role,
    owner: share.ownerName,
    mount_id: share.mountId,
    mount_path: share.mountPath,
    members: share.members,
  };
}
