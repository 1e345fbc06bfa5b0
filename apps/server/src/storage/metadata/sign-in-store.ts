import type { AccountId, DeviceId } from "@satchel/protocol";
import type { Account, Device } from "./identity-store.ts";

/** What a one-time secret is good for; it is of no use for anything else. */
export type SecretPurpose =
  | "sign_up"
  | "invitation"
  | "reset_password"
  | "change_email"
  | "passkey_challenge"
  | "outside_sign_in";

/** A secret that was given out (by mail, in a link, to a browser) and is used up by its use. The store has its hash only. */
export interface OneTimeSecret {
  readonly purpose: SecretPurpose;
  /** Null where there is no account yet. */
  readonly accountId: AccountId | null;
  /** What its use will do, as JSON. */
  readonly payload: string;
  readonly expiresAtMs: number;
}

/** A person who is signed in on our own pages. */
export interface BrowserSession {
  readonly sessionHash: string;
  readonly accountId: AccountId;
  /** How the browser calls itself, as far as a person can make use of it. */
  readonly browser: string;
  /** By what the person proved to be who they are, such as `pwd otp` (RFC 8176). */
  readonly methods: string;
  readonly createdAtMs: number;
  /** When they last did. */
  readonly authenticatedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
}

/** An account with another OpenID provider, by which the account here may be entered. */
export interface LinkedIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly accountId: AccountId;
  /** How the person is called there; for display only. */
  readonly label: string;
  readonly linkedAtMs: number;
}

/** What sign-in keeps between requests. */
export interface SignInStore {
  putSecret(secretHash: string, secret: OneTimeSecret): Promise<void>;
  /** In place of the account's others for this purpose, if there is an account. */
  replaceSecrets(secretHash: string, secret: OneTimeSecret): Promise<void>;
  /** Looks without using it up; undefined when it is unknown, expired or for another purpose. */
  findSecret(query: { secretHash: string; purpose: SecretPurpose; nowMs: number }): Promise<OneTimeSecret | undefined>;
  /** Uses it up. Of two who use one at once, one gets it. */
  takeSecret(query: { secretHash: string; purpose: SecretPurpose; nowMs: number }): Promise<OneTimeSecret | undefined>;
  /** Living ones of a purpose, the first to expire first. */
  listSecrets(query: {
    purpose: SecretPurpose;
    nowMs: number;
    limit: number;
  }): Promise<(OneTimeSecret & { readonly secretHash: string })[]>;

  createSession(session: BrowserSession): Promise<void>;
  /** With its account; undefined when it is unknown or expired, or its account disabled. */
  findSession(sessionHash: string, nowMs: number): Promise<{ session: BrowserSession; account: Account } | undefined>;
  touchSession(
    sessionHash: string,
    change: Pick<BrowserSession, "lastSeenAtMs" | "authenticatedAtMs" | "methods" | "expiresAtMs">,
  ): Promise<void>;
  /** Those that have not expired, the last seen first. */
  listSessions(accountId: AccountId, nowMs: number): Promise<BrowserSession[]>;
  endSession(accountId: AccountId, sessionHash: string): Promise<void>;

  findLinked(issuer: string, subject: string): Promise<LinkedIdentity | undefined>;
  listLinked(accountId: AccountId): Promise<LinkedIdentity[]>;
  /** @throws account_exists when it is linked already, to whichever account */
  link(identity: LinkedIdentity): Promise<void>;
  unlink(accountId: AccountId, issuer: string, subject: string): Promise<void>;

  /** An app password is a device of the kind `app_password`. */
  createAppPassword(password: { secretHash: string; device: Device }): Promise<void>;
  /** Whose it is; undefined when there is none. Whether its device is still good is for the caller to see. */
  findAppPassword(secretHash: string): Promise<{ deviceId: DeviceId } | undefined>;
}
