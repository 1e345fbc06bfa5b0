import type { AccountId, DeviceId } from "@satchel/protocol";

/** A record of the OAuth provider: a code, a refresh token, an interaction, … Whatever can be used as a credential is kept as its hash. */
export interface OAuthRecord {
  readonly payload: string;
  readonly accountId: string | null;
  /** The grant that it came from, whose id is a device's. */
  readonly grantId: string | null;
  readonly uidHash: string | null;
  readonly userCodeHash: string | null;
  readonly expiresAtMs: number;
}

/** A record, as far as it is found again. */
export interface FoundOAuthRecord {
  readonly idHash: string;
  readonly payload: string;
  readonly consumedAtMs: number | null;
}

/** A program of others that may ask people for access. All are public clients: they prove themselves by PKCE. */
export interface OAuthClient {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly createdAtMs: number;
}

/** What the OAuth provider keeps. */
export interface OAuthStore {
  put(kind: string, idHash: string, record: OAuthRecord): Promise<void>;
  /** Expired ones are not found. */
  find(kind: string, idHash: string, nowMs: number): Promise<FoundOAuthRecord | undefined>;
  findByUid(kind: string, uidHash: string, nowMs: number): Promise<FoundOAuthRecord | undefined>;
  findByUserCode(kind: string, userCodeHash: string, nowMs: number): Promise<FoundOAuthRecord | undefined>;
  consume(kind: string, idHash: string, nowMs: number): Promise<void>;
  destroy(kind: string, idHash: string): Promise<void>;
  /** Removes all that came from a grant, and revokes its device. */
  revokeGrant(deviceId: DeviceId, nowMs: number): Promise<void>;
  /**
   * Makes the device that a grant is, and answers its id. Where `browser` names the browser session that it is let in from, and the account has a living device of this client from there, that one goes on instead.
   */
  createGrantDevice(device: {
    id: DeviceId;
    accountId: AccountId;
    name: string;
    clientId: string;
    scopes: string;
    browser?: string | undefined;
    nowMs: number;
  }): Promise<DeviceId>;

  addClient(client: OAuthClient): Promise<void>;
  findClient(id: string): Promise<OAuthClient | undefined>;
  listClients(): Promise<OAuthClient[]>;
  /** @throws not_found */
  removeClient(id: string): Promise<void>;
}
