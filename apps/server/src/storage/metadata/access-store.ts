import type { AccountId, WorkspaceId } from "@satchel/protocol";

/** What an account is in a workspace; each may what the one before it may: see, change, manage. */
export const workspaceRoles = ["viewer", "editor", "owner"] as const;
export type WorkspaceRole = (typeof workspaceRoles)[number];

/** Who may work in which workspace. */
export interface AccessStore {
  /** Undefined for a stranger, and for a workspace that there isn't. */
  findRole(workspaceId: WorkspaceId, accountId: AccountId): Promise<WorkspaceRole | undefined>;
  /** Makes the account a member, or gives it another role. The owner stays the owner. @throws not_found when there is no such workspace */
  putMember(member: {
    workspaceId: WorkspaceId;
    accountId: AccountId;
    role: Exclude<WorkspaceRole, "owner">;
    nowMs: number;
  }): Promise<void>;
  /** Nothing happens when the account is no member. */
  removeMember(workspaceId: WorkspaceId, accountId: AccountId): Promise<void>;
}
