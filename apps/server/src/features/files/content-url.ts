import { createHmac, timingSafeEqual } from "node:crypto";
import { ProblemError, type DeviceId, type EntryId, type VersionId } from "@satchel/protocol";

/** How long the address of a file's content is good for a new request; a download that has begun goes on. */
export const contentUrlMs = 10 * 60 * 1000;

/** What an address of a content gives the right to: to read this version, as long as the device that it was made for may. */
export interface ContentUrlClaims {
  readonly fileId: EntryId;
  readonly versionId: VersionId;
  readonly deviceId: DeviceId;
}

/** The part of an address behind the `?`, as it came. */
export interface ContentUrlQuery {
  readonly version: VersionId;
  readonly device: DeviceId;
  readonly expires: number;
  readonly signature: string;
}

/** Path and query of the address, good until `nowMs` + {@link contentUrlMs}. */
export function signContentUrl(key: Uint8Array, claims: ContentUrlClaims, nowMs: number): string {
  const expiresAtMs = nowMs + contentUrlMs;
  const signature = sign(key, claims, expiresAtMs).toString("base64url");
  const { fileId, versionId, deviceId } = claims;
  return `/v1/content/${fileId}?version=${versionId}&device=${deviceId}&expires=${expiresAtMs}&signature=${signature}`;
}

/** @throws url_expired unless this server signed exactly this, and its time isn't over. */
export function readContentUrl(
  key: Uint8Array,
  url: { readonly fileId: EntryId; readonly query: ContentUrlQuery },
  nowMs: number,
): ContentUrlClaims {
  const { version, device, expires, signature } = url.query;
  const claims = { fileId: url.fileId, versionId: version, deviceId: device };
  const given = Buffer.from(signature, "base64url");
  const right = sign(key, claims, expires);
  const isGenuine = given.length === right.length && timingSafeEqual(given, right);
  if (!isGenuine || expires <= nowMs) throw new ProblemError("url_expired");
  return claims;
}

function sign(key: Uint8Array, claims: ContentUrlClaims, expiresAtMs: number): Buffer {
  const { fileId, versionId, deviceId } = claims;
  return createHmac("sha256", key).update([fileId, versionId, deviceId, expiresAtMs].join("\n")).digest();
}
