import type { AccountId, EntryId, InvitedRole, ShareRole, WorkspaceId } from "@satchel/protocol";
import type { Author, CommitOutcome } from "./tree-store.ts";

/** Who is invited: `account:ID`, or `email:ADDRESS` in lower case for whoever proves to have that address. */
export type InviteeKey = `account:${string}` | `email:${string}`;

/** What a change did to the feed of somebody's root folder; undefined when it did nothing. */
export type MountChange = Pick<CommitOutcome, "before" | "after" | "changes"> & { readonly workspaceId: WorkspaceId };

export interface SharedFolder {
  readonly workspaceId: WorkspaceId;
  /** What it was called when it was shared. */
  readonly name: string;
  readonly role: ShareRole;
  readonly ownerName: string;
  /** Where the account has it; null while it isn't mounted. */
  readonly mountId: EntryId | null;
  readonly mountPath: string | null;
  readonly members: number;
}

export interface ShareInvitation {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly role: InvitedRole;
  /** Empty when the account is gone. */
  readonly invitedBy: string;
  readonly createdAtMs: number;
}

export interface Member {
  readonly accountId: AccountId;
  readonly name: string;
  readonly role: ShareRole;
  readonly addedAtMs: number;
}

export interface OpenInvitation {
  readonly inviteeKey: InviteeKey;
  /** Of the account, or the address. */
  readonly who: string;
  readonly role: InvitedRole;
  readonly createdAtMs: number;
}

/** Folders that several accounts have: each a workspace of its own, mounted in its members' root folders. Every change may be repeated. */
export interface ShareStore {
  /**
   * Makes a folder of its owner's root workspace a workspace of its own: entries, versions, history and trash below it go along, with their sequences, and the folder becomes the mount. No bytes move. A folder that is the mount of a
   * share already gives that one. @throws not_found, share_nested, limit_exceeded
   */
  create(request: {
    readonly folderId: EntryId;
    /** The workspace that it becomes. */
    readonly workspaceId: WorkspaceId;
    readonly author: Author;
    readonly nowMs: number;
  }): Promise<{ readonly workspaceId: WorkspaceId; readonly change: MountChange | undefined }>;
  /** The account's, by name. */
  list(accountId: AccountId): Promise<SharedFolder[]>;
  /** Undefined when there is no such share, or the account is no member. */
  find(workspaceId: WorkspaceId, accountId: AccountId): Promise<SharedFolder | undefined>;
  /** The owner first, then by account id, after `after`. @throws not_found when it is no share */
  members(query: {
    readonly workspaceId: WorkspaceId;
    readonly after: string | undefined;
    readonly limit: number;
  }): Promise<{ readonly members: Member[]; readonly next: string | null }>;
  invitationsOf(workspaceId: WorkspaceId): Promise<OpenInvitation[]>;
  /** What waits for whoever has these keys. */
  invitationsFor(keys: readonly InviteeKey[]): Promise<ShareInvitation[]>;
  /** Inviting again changes the role of the invitation. A member stays what it is. @throws not_found, limit_exceeded */
  invite(invitation: {
    readonly workspaceId: WorkspaceId;
    readonly inviteeKey: InviteeKey;
    readonly role: InvitedRole;
    readonly invitedBy: AccountId;
    readonly nowMs: number;
  }): Promise<void>;
  /** Takes invitations back, or declines them. Answers whether there was one. */
  dropInvitation(workspaceId: WorkspaceId, keys: readonly InviteeKey[]): Promise<boolean>;
  /**
   * Makes whoever was invited a member and mounts the folder in their root workspace; a member who had put it away mounts it again. `name` left out: the share's, or the first free `NAME (2)`.
   * @throws not_found without invitation or membership, name_taken, limit_exceeded
   */
  accept(request: {
    readonly workspaceId: WorkspaceId;
    readonly accountId: AccountId;
    readonly keys: readonly InviteeKey[];
    readonly parentId: EntryId;
    readonly name: string | undefined;
    readonly author: Author;
    readonly nowMs: number;
  }): Promise<{ readonly change: MountChange | undefined }>;
  /** The member, and its mount, are gone. The owner can't go. @throws forbidden for the owner, not_found when it is no share */
  removeMember(request: {
    readonly workspaceId: WorkspaceId;
    readonly accountId: AccountId;
    readonly author: Author;
    readonly nowMs: number;
  }): Promise<{ readonly wasMember: boolean; readonly change: MountChange | undefined }>;
  /** Gives a member another role; `owner` hands the share over: the owner before becomes an editor. @throws not_found, forbidden for the owner's own role, quota_exceeded when the new owner has no room for it */
  setRole(request: {
    readonly workspaceId: WorkspaceId;
    readonly accountId: AccountId;
    readonly role: ShareRole;
    readonly nowMs: number;
  }): Promise<{ readonly formerOwner: AccountId | undefined }>;
}
