import type { AccountId, WorkspaceId } from "@satchel/protocol";
import type { WorkspaceRole } from "./access-store.ts";

/** When an account will be erased. */
export interface AccountDeletion {
  readonly accountId: AccountId;
  readonly requestedAtMs: number;
  readonly dueAtMs: number;
}

export interface Membership {
  readonly workspaceId: WorkspaceId;
  readonly role: WorkspaceRole;
  readonly addedAtMs: number;
}

/** What concerns all that there is about an account. */
export interface PrivacyStore {
  /** Asked again, the first date stays. @throws not_found when there is no such account */
  requestDeletion(deletion: AccountDeletion): Promise<AccountDeletion>;
  /** Answers false when none was asked for. */
  cancelDeletion(accountId: AccountId): Promise<boolean>;
  findDeletion(accountId: AccountId): Promise<AccountDeletion | undefined>;
  /** Those that are due, the earliest first. */
  listDue(query: { nowMs: number; limit: number }): Promise<AccountDeletion[]>;
  /**
   * Removes a bounded part of what there is about the account, its own workspaces with all that is in them first, the account itself last. Answers true when nothing is left; asking
   * again is harmless. What it did in others' workspaces stays, under its id, which leads to nothing any more. The audit log is erased by AuditStore.
   */
  eraseStep(accountId: AccountId, limit: number): Promise<boolean>;
  /** Workspaces of others that the account is a member of. */
  listMemberships(accountId: AccountId): Promise<Membership[]>;
}
