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
import type { Factors } from "./factors/factors.ts";
import type { Principal } from "./principal.ts";
import type { PasswordProof } from "./proof/password-proof.ts";
import { secretHash } from "./secret-hash.ts";
import type { ServerKeys } from "./server-keys.ts";

/** A device that is away for longer has to sign in again. */
const refreshTokenMs = 90 * 24 * 3600 * 1000;
/** How long a join code is good. */
export const joinCodeMs = 10 * 60 * 1000;
const secretBytes = 32;

export interface SignIn {
  /** @throws wrong_credentials, also for a disabled account; second_factor_required where the account asks for more than a password; too_many_requests */
  login(request: {
    user: string;
    password: string;
    otp?: string | undefined;
    deviceName: string;
  }): Promise<LoginResponse>;
  /** Signs a device in by the secret of a join code, which is used up by it. @throws wrong_credentials */
  join(request: { secret: string; deviceName: string }): Promise<LoginResponse>;
  /**
   * Exchanges a refresh token. The next one is a function of it, so that a repeated request whose answer was lost gets the same.
   * @throws wrong_credentials when it is unknown, token_expired, login_revoked (also when an old token was used again, which revokes the device)
   */
  refresh(refreshToken: string): Promise<LoginResponse>;
  /**
   * Makes a device of the login that the command line got through a browser. Repeated because an answer was lost, it gives the same refresh token, until that is used.
   * @throws login_revoked when it was used
   */
  adopt(principal: Principal): Promise<LoginResponse>;
  createJoinCode(accountId: AccountId): Promise<{ secret: string; expires: string }>;
}

interface SignInParts {
  readonly store: IdentityStore;
  readonly proof: PasswordProof;
  readonly factors: Factors;
  readonly keys: ServerKeys;
  readonly host: Host;
  readonly onDeviceRevoked: (deviceId: DeviceId) => void;
  /** A device of the account may do other things than before. */
  readonly onDeviceChanged: (accountId: AccountId) => void;
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
    async login({ user, password, otp, deviceName }) {
      const account = await parts.proof.prove({ user, password });
      await parts.factors.requireCode(account.id, otp);
      return signIn(account, deviceName);
    },
    async join({ secret, deviceName }) {
      const account = await store.redeemJoinCode(secretHash(secret), host.nowMs());
      if (!account)
        throw new ProblemError("wrong_credentials", "the join code is not valid, was used already, or has expired");
      return signIn(account, deviceName);
    },
    refresh: (refreshToken) => refresh(parts, refreshToken),
    async adopt({ deviceId, accountId }) {
      const refreshToken = nextToken(parts.keys, `of device ${deviceId}`);
      const token = { tokenHash: secretHash(refreshToken), deviceId, expiresAtMs: host.nowMs() + refreshTokenMs };
      const isNew = await store.adoptDevice(accountId, token);
      const account = await store.findAccount(accountId);
      if (!isNew || !account) throw new ProblemError("login_revoked");
      parts.onDeviceChanged(accountId);
      return answer(parts, { account, deviceId, refreshToken });
    },
    async createJoinCode(accountId) {
      const secret = randomSecret(host);
      const expiresAtMs = host.nowMs() + joinCodeMs;
      await store.createJoinCode({ secretHash: secretHash(secret), accountId, expiresAtMs });
      return { secret, expires: formatTimestamp(expiresAtMs) };
    },
  };
}

async function refresh(parts: SignInParts, refreshToken: string): Promise<LoginResponse> {
  const next = nextToken(parts.keys, refreshToken);
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

function nextToken(keys: ServerKeys, before: string): string {
  return createHmac("sha256", keys.refreshToken).update(before).digest("base64url");
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
