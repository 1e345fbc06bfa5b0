import type { AccountId, DeviceId, WorkspaceId } from "@satchel/protocol";

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly isAdmin: boolean;
  readonly disabledAtMs: number | null;
  readonly quotaBytes: number | null;
  readonly rootWorkspaceId: WorkspaceId;
  readonly createdAtMs: number;
}

export interface NewAccount {
  readonly id: AccountId;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly isAdmin: boolean;
  readonly quotaBytes: number | null;
  readonly rootWorkspaceId: WorkspaceId;
  /** The first epoch of the root workspace's feed. */
  readonly epoch: string;
  readonly nowMs: number;
}

export interface Device {
  readonly id: DeviceId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number | null;
  readonly revokedAtMs: number | null;
}

/** A refresh token as the server keeps it: only its hash. */
export interface RefreshTokenRecord {
  readonly tokenHash: string;
  readonly deviceId: DeviceId;
  readonly expiresAtMs: number;
}

/** `reused`: the token had been exchanged before; the device is revoked by the time this is answered (RFC 9700, section 4.14.2). */
export type RotationOutcome =
  | { readonly outcome: "rotated"; readonly device: Device; readonly account: Account }
  | { readonly outcome: "reused"; readonly device: Device }
  | { readonly outcome: "unknown" | "expired" | "revoked" | "disabled" };

export interface IdentityStore {
  /** Makes the account with its root workspace and root folder. @throws account_exists when the name (without case) is in use */
  createAccount(account: NewAccount): Promise<void>;
  findAccountByName(name: string): Promise<Account | undefined>;
  findAccount(id: AccountId): Promise<Account | undefined>;
  /** By name, after `after`. */
  listAccounts(query: { after: string | undefined; limit: number }): Promise<Account[]>;
  /** Disabling also revokes every device. @throws not_found */
  setAccountDisabled(id: AccountId, disabled: boolean, nowMs: number): Promise<void>;
  /** Also revokes every device, if `revokeDevices`. @throws not_found */
  setPassword(id: AccountId, passwordHash: string, options: { revokeDevices: boolean; nowMs: number }): Promise<void>;

  createDevice(
    device: { id: DeviceId; accountId: AccountId; name: string; nowMs: number },
    token: RefreshTokenRecord,
  ): Promise<void>;
  /** With its account, for every authenticated request; undefined when unknown. */
  findDevice(id: DeviceId): Promise<{ device: Device; account: Account } | undefined>;
  listDevices(accountId: AccountId): Promise<Device[]>;
  /** @throws not_found when the account has no such device */
  revokeDevice(accountId: AccountId, id: DeviceId, nowMs: number): Promise<void>;
  touchDevice(id: DeviceId, nowMs: number): Promise<void>;

  /**
   * Exchanges a refresh token for the next one. Until the next one is used, the exchange may be repeated with the *same*
   * `next`, as often as answers get lost on the way; any other use of an exchanged token is reuse.
   */
  rotateRefreshToken(request: {
    tokenHash: string;
    next: Omit<RefreshTokenRecord, "deviceId">;
    nowMs: number;
  }): Promise<RotationOutcome>;

  createJoinCode(code: { secretHash: string; accountId: AccountId; expiresAtMs: number }): Promise<void>;
  /** Uses the code up; undefined when it is unknown, used or expired, or its account disabled. */
  redeemJoinCode(secretHash: string, nowMs: number): Promise<Account | undefined>;
}
