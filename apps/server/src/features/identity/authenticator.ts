import { ProblemError, type DeviceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { Cache } from "../../storage/cache/cache.ts";
import type { Account, Device, IdentityStore } from "../../storage/metadata/identity-store.ts";
import { isOAuthToken, readOAuthToken } from "../oauth/oauth-token.ts";
import { readAccessToken } from "./access-token.ts";
import { rememberTokens } from "./known-tokens.ts";
import type { Principal } from "./principal.ts";
import type { AppPasswords } from "./programs/app-passwords.ts";
import type { ServerKeys } from "./server-keys.ts";

/** Without what proves who it is: this is remembered outside of the database, too. */
export type KnownDevice = { readonly device: Device; readonly account: Omit<Account, "passwordHash"> } | undefined;

/** How long another process's revocation may go unseen here; this server's own take effect at once. */
export const deviceCacheMs = 2000;
/** A device's time of last use is written at most this often. */
const touchEveryMs = 5 * 60 * 1000;

export interface Authenticator {
  /**
   * Who is it that sends this `Authorization` header: an access token, or a name with an app password (`Basic`)?
   * @throws unauthenticated, token_expired, login_revoked
   */
  authenticate(authorization: string | undefined): Promise<Principal>;
  /** Who works on this device, as far as its login is still good. @throws login_revoked */
  principalOn(deviceId: DeviceId): Promise<Principal>;
  /** Is the device's login still good? Asks the database, past the cache. */
  isSignedIn(deviceId: DeviceId): Promise<boolean>;
}

interface AuthenticatorParts {
  readonly store: IdentityStore;
  readonly keys: ServerKeys;
  readonly host: Host;
  readonly cache: Cache<KnownDevice>;
  readonly bus: Bus;
  readonly appPasswords: AppPasswords;
}

/** Checks a token's signature once and without a look-up, and its device with one that is remembered for {@link deviceCacheMs}. */
export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  const { store, host, cache } = parts;
  parts.bus.subscribe((message) => {
    if (message.kind === "device_revoked") cache.invalidate(message.deviceId);
    if (message.kind === "account_changed") cache.invalidateWhere((known) => known?.account.id === message.accountId);
  });

  async function findDevice(id: DeviceId): Promise<KnownDevice> {
    const known = await store.findDevice(id);
    const nowMs = host.nowMs();
    const isStale = known && (known.device.lastSeenAtMs ?? 0) < nowMs - touchEveryMs;
    if (isStale && isGood(known)) await store.touchDevice(id, nowMs);
    return known && withoutPassword(known);
  }

  async function principalOn(deviceId: DeviceId): Promise<Principal> {
    const known = await cache.getOrFill(deviceId, () => findDevice(deviceId));
    if (!isGood(known) || isOver(known.device)) throw new ProblemError("login_revoked");
    const { device, account } = known;
    return {
      accountId: account.id,
      deviceId: device.id,
      userName: account.name,
      email: account.email,
      rootWorkspaceId: account.rootWorkspaceId,
      isAdmin: account.isAdmin,
      scopes: device.scopes === null ? null : new Set(device.scopes.split(" ")),
    };
  }

  const isOver = ({ expiresAtMs }: Device): boolean => expiresAtMs !== null && expiresAtMs <= host.nowMs();

  const readToken = rememberTokens((token, nowMs) =>
    isOAuthToken(token)
      ? readOAuthToken(parts.keys.oauthToken, token, nowMs)
      : readAccessToken(parts.keys.accessToken, token, nowMs),
  );

  async function byAppPassword({ user, password }: { user: string; password: string }): Promise<Principal> {
    const principal = await principalOn(await parts.appPasswords.find(password));
    if (principal.userName.toLowerCase() !== user.toLowerCase())
      throw new ProblemError("unauthenticated", "the app password is wrong");
    return principal;
  }

  return {
    async authenticate(authorization) {
      const basic = parseBasic(authorization);
      if (basic) return await byAppPassword(basic);
      const claims = readToken(parseBearer(authorization), host.nowMs());
      const principal = await principalOn(claims.deviceId);
      if (principal.accountId !== claims.accountId) throw new ProblemError("login_revoked");
      return principal;
    },
    principalOn,
    isSignedIn: async (deviceId) => isGood(await store.findDevice(deviceId)),
  };
}

function withoutPassword({ device, account }: { device: Device; account: Account }): KnownDevice {
  const { passwordHash: _, ...rest } = account;
  return { device, account: rest };
}

function isGood(known: KnownDevice): known is NonNullable<KnownDevice> {
  return known !== undefined && known.device.revokedAtMs === null && known.account.disabledAtMs === null;
}

function parseBearer(authorization: string | undefined): string {
  const [, token] = /^Bearer +([^ ]+) *$/i.exec(authorization ?? "") ?? [];
  if (token === undefined)
    throw new ProblemError("unauthenticated", "send an access token: `Authorization: Bearer TOKEN`");
  return token;
}

/** RFC 7617; undefined for any other scheme. */
function parseBasic(authorization: string | undefined): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]{1,1024}) *$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
