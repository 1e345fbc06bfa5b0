import { createHmac, timingSafeEqual } from "node:crypto";
import { accountIdSchema, deviceIdSchema, ProblemError } from "@satchel/protocol";
import { z } from "zod";
import type { AccessClaims } from "../identity/access-token.ts";

/** Whom the access tokens of programs are for: this API, whatever address it is reached at. */
export const apiAudience = "urn:satchel:api";
/** The algorithm is fixed: the key is used for nothing else, and a header that says otherwise is refused. */
export const tokenAlgorithm = "HS256";

const maxTokenLength = 2048;
const headerSchema = z.object({ alg: z.literal(tokenAlgorithm), typ: z.literal("at+jwt") });
const claimsSchema = z.object({
  aud: z.literal(apiAudience),
  sub: accountIdSchema,
  device_id: deviceIdSchema,
  exp: z.number(),
});

/** Does it look like a token of the OAuth provider? */
export function isOAuthToken(token: string): boolean {
  return token.startsWith("eyJ");
}

/**
 * Reads an access token of the OAuth provider (RFC 9068), with one HMAC and no look-up: as cheap as the tokens of devices.
 * @throws unauthenticated when the server never made this token; token_expired when its time is over
 */
export function readOAuthToken(key: Uint8Array, token: string, nowMs: number): AccessClaims {
  const [header, payload, mac, ...rest] = token.length > maxTokenLength ? [] : token.split(".");
  if (header === undefined || payload === undefined || mac === undefined || rest.length > 0) throw unknownToken();
  const given = Buffer.from(mac, "base64url");
  const right = createHmac("sha256", key).update(`${header}.${payload}`).digest();
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw unknownToken();
  if (!headerSchema.safeParse(parse(header)).success) throw unknownToken();
  const claims = claimsSchema.safeParse(parse(payload));
  if (!claims.success) throw unknownToken();
  const expiresAtMs = claims.data.exp * 1000;
  if (expiresAtMs <= nowMs) throw new ProblemError("token_expired");
  return { accountId: claims.data.sub, deviceId: claims.data.device_id, expiresAtMs };
}

function parse(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}

function unknownToken(): ProblemError {
  return new ProblemError("unauthenticated", "the access token is not one of this server's");
}
