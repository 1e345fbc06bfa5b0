import { createHmac } from "node:crypto";
import {
  encodeIdPart,
  formatTimestamp,
  idPartBytes,
  ProblemError,
  type AccountId,
  type DeviceId,
  type LoginResponse,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Account, IdentityStore } from "../../storage/metadata/identity-store.ts";
import { accessTokenSeconds, issueAccessToken } from "./access-token.ts";
import type { PasswordHasher } from "./password-hasher.ts";
import { secretHash } from "./secret-hash.ts";
import type { ServerKeys } from "./server-keys.ts";

/** A device that is away for longer has to sign in again. */
const refreshTokenMs = 90 * 24 * 3600 * 1000;
/** How long a join code is good. */
export const joinCodeMs = 10 * 60 * 1000;
const secretBytes = 32;

export interface SignIn {
  /** @throws wrong_credentials, also for a disabled account */
  login(request: { user: string; password: string; deviceName: string }): Promise<LoginResponse>;
  /** Signs a device in by the secret of a join code, which is used up by it. @throws wrong_credentials */
  join(request: { secret: string; deviceName: string }): Promise<LoginResponse>;
  /**
   * Exchanges a refresh token. The next one is a function of it, so that a repeated request whose answer was lost gets the same.
   * @throws wrong_credentials when it is unknown, token_expired, login_revoked (also when an old token was used again, which revokes the device)
   */
  refresh(refreshToken: string): Promise<LoginResponse>;
  createJoinCode(accountId: AccountId): Promise<{ secret: string; expires: string }>;
}

interface SignInParts {
  readonly store: IdentityStore;
  readonly passwords: PasswordHasher;
  readonly keys: ServerKeys;
  readonly host: Host;
  readonly onDeviceRevoked: (deviceId: DeviceId) => void;
}

export function createSignIn(parts: SignInParts): SignIn {
  const { store, host } = parts;

  async function signIn(account: Account, deviceName: string): Promise<LoginResponse> {
    const deviceId = encodeIdPart(host.randomBytes(idPartBytes)) as DeviceId;
    const refreshToken = randomSecret(host);
    const nowMs = host.nowMs();
    await store.createDevice(
      { id: deviceId, accountId: account.id, name: deviceName, nowMs },
      { tokenHash: secretHash(refreshToken), deviceId, expiresAtMs: nowMs + refreshTokenMs },
    );
    return answer(parts, { account, deviceId, refreshToken });
  }

  return {
    async login({ user, password, deviceName }) {
      const account = await store.findAccountByName(user);
      const matches = await parts.passwords.verify(account?.passwordHash, password);
      if (!matches || account === undefined || account.disabledAtMs !== null)
        throw new ProblemError("wrong_credentials");
      return signIn(account, deviceName);
    },
    async join({ secret, deviceName }) {
      const account = await store.redeemJoinCode(secretHash(secret), host.nowMs());
      if (!account)
        throw new ProblemError("wrong_credentials", "the join code is not valid, was used already, or has expired");
      return signIn(account, deviceName);
    },
    refresh: (refreshToken) => refresh(parts, refreshToken),
    async createJoinCode(accountId) {
      const secret = randomSecret(host);
      const expiresAtMs = host.nowMs() + joinCodeMs;
      await store.createJoinCode({ secretHash: secretHash(secret), accountId, expiresAtMs });
      return { secret, expires: formatTimestamp(expiresAtMs) };
    },
  };
}

async function refresh(parts: SignInParts, refreshToken: string): Promise<LoginResponse> {
  const next = createHmac("sha256", parts.keys.refreshToken).update(refreshToken).digest("base64url");
  const nowMs = parts.host.nowMs();
  const rotation = await parts.store.rotateRefreshToken({
    tokenHash: secretHash(refreshToken),
    next: { tokenHash: secretHash(next), expiresAtMs: nowMs + refreshTokenMs },
    nowMs,
  });
  switch (rotation.outcome) {
    case "rotated":
      return answer(parts, { account: rotation.account, deviceId: rotation.device.id, refreshToken: next });
    case "reused":
      parts.onDeviceRevoked(rotation.device.id);
      throw new ProblemError("login_revoked", "the refresh token was used twice, so this login was revoked");
    case "revoked":
    case "disabled":
      throw new ProblemError("login_revoked");
    case "expired":
      throw new ProblemError("token_expired", "the refresh token has expired");
    case "unknown":
      throw new ProblemError("wrong_credentials", "the refresh token is not one of this server's");
  }
}

function answer(
  parts: SignInParts,
  login: { account: Account; deviceId: DeviceId; refreshToken: string },
): LoginResponse {
  const { account, deviceId } = login;
  const expiresAtMs = parts.host.nowMs() + accessTokenSeconds * 1000;
  return {
    access_token: issueAccessToken(parts.keys.accessToken, { accountId: account.id, deviceId, expiresAtMs }),
    expires_in: accessTokenSeconds,
    refresh_token: login.refreshToken,
    account_id: account.id,
    user: account.name,
    device_id: deviceId,
    workspace_id: account.rootWorkspaceId,
  };
}

/** 256 random bits, as text. */
export function randomSecret(host: Host): string {
  return Buffer.from(host.randomBytes(secretBytes)).toString("base64url");
}
