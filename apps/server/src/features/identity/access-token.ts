import { createHmac, timingSafeEqual } from "node:crypto";
import { accountIdSchema, deviceIdSchema, ProblemError, type AccountId, type DeviceId } from "@satchel/protocol";
import { z } from "zod";

/** How long an access token is good: as long as a stolen one may be of use to someone who can't refresh it. */
export const accessTokenSeconds = 600;

export interface AccessClaims {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly expiresAtMs: number;
}

const prefix = "sat1";
const maxTokenLength = 512;
const payloadSchema = z.tuple([accountIdSchema, deviceIdSchema, z.number()]);

/** `sat1.PAYLOAD.MAC`, both in base64url: who, on which device, until when, and an HMAC-SHA-256 over it. */
export function issueAccessToken(key: Uint8Array, claims: AccessClaims): string {
  const payload = Buffer.from(JSON.stringify([claims.accountId, claims.deviceId, claims.expiresAtMs])).toString(
    "base64url",
  );
  return `${prefix}.${payload}.${sign(key, payload).toString("base64url")}`;
}

/** @throws unauthenticated when the server never made this token; token_expired when its time is over. */
export function readAccessToken(key: Uint8Array, token: string, nowMs: number): AccessClaims {
  const [kind, payload, mac, ...rest] = token.length > maxTokenLength ? [] : token.split(".");
  if (kind !== prefix || payload === undefined || mac === undefined || rest.length > 0) throw unknownToken();
  const given = Buffer.from(mac, "base64url");
  const right = sign(key, payload);
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw unknownToken();
  const [accountId, deviceId, expiresAtMs] = payloadSchema.parse(
    JSON.parse(Buffer.from(payload, "base64url").toString()),
  );
  if (expiresAtMs <= nowMs) throw new ProblemError("token_expired");
  return { accountId, deviceId, expiresAtMs };
}

function sign(key: Uint8Array, payload: string): Buffer {
  return createHmac("sha256", key).update(prefix).update(payload).digest();
}

function unknownToken(): ProblemError {
  return new ProblemError("unauthenticated", "the access token is not one of this server's");
}
