import type { AccountId, DeviceId, WorkspaceId } from "@satchel/protocol";

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly email: string;
  /** The address is the account's beyond doubt: they followed a link sent to it, or an admin wrote it. */
  readonly emailConfirmed: boolean;
  /** Empty for an account without a password. */
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
  /** `claim`: the address has to be nobody else's; `try`: it counts as the account's unless it is somebody else's already; `no`: it is yet to be confirmed. */
  readonly emailConfirmed: "claim" | "try" | "no";
  readonly passwordHash: string;
  readonly isAdmin: boolean;
  readonly quotaBytes: number | null;
  readonly rootWorkspaceId: WorkspaceId;
  /** Only where there is no account yet. */
  readonly mustBeFirst?: boolean;
  /** The first epoch of the root workspace's feed. */
  readonly epoch: string;
  readonly nowMs: number;
}

/** `device`: signed in by password or join code; `oauth`: a program that the person let in; `app_password`: a program with a password of its own. */
export type DeviceKind = "device" | "oauth" | "app_password";

/** Something that acts for an account, and whose login can be ended by itself. */
export interface Device {
  readonly id: DeviceId;
  readonly accountId: AccountId;
  readonly kind: DeviceKind;
  readonly name: string;
  /** The OAuth client that it is; null for others. */
  readonly clientId: string | null;
  /** What it may do, parted by spaces; null for everything. */
  readonly scopes: string | null;
  /** When its login ends by itself; null for never. */
  readonly expiresAtMs: number | null;
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
  /** Makes the account with its root workspace and root folder. @throws account_exists when the name, or one that looks like it, or the address is in use, or where it would have to be the first */
  createAccount(account: NewAccount): Promise<void>;
  findAccountByName(name: string): Promise<Account | undefined>;
  /** Whose address it is beyond doubt. */
  findAccountByEmail(email: string): Promise<Account | undefined>;
  /** Is there an account of that name, or of one that looks like it? */
  isNameTaken(name: string): Promise<boolean>;
  findAccount(id: AccountId): Promise<Account | undefined>;
  /** By name, after `after`. */
  listAccounts(query: { after: string | undefined; limit: number }): Promise<Account[]>;
  /** Those that aren't disabled; the first 1,000 by age. */
  listAdministrators(): Promise<Account[]>;
  /** Disabling also revokes every device. @throws not_found */
  setAccountDisabled(id: AccountId, disabled: boolean, nowMs: number): Promise<void>;
  /** Also ends every login, if `revokeDevices`, but for the browser session `keepSession`. @throws not_found */
  setPassword(
    id: AccountId,
    passwordHash: string,
    options: { revokeDevices: boolean; keepSession?: string; nowMs: number },
  ): Promise<void>;
  /**
   * A confirmed address, in place of the account's. Where it is another one than before, every login ends with it, but for the browser session `keepSession`; answers the devices that were ended.
   * @throws not_found; account_exists when it is somebody else's
   */
  setEmail(id: AccountId, email: string, options: { keepSession?: string; nowMs: number }): Promise<DeviceId[]>;
  /** Ends every login of the account: devices, programs and browsers, but for the browser session `keepSession`. Answers the devices that it ended. */
  endLogins(id: AccountId, options: { keepSession?: string; nowMs: number }): Promise<DeviceId[]>;

  createDevice(
    device: { id: DeviceId; accountId: AccountId; name: string; nowMs: number },
    token: RefreshTokenRecord,
  ): Promise<void>;
  /**
   * Makes a device of a program's login: without limits, with a refresh token, and without what the OAuth provider kept of it. Answers false when it isn't the account's, is revoked, or
   * the token was used already.
   */
  adoptDevice(accountId: AccountId, token: RefreshTokenRecord): Promise<boolean>;
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
