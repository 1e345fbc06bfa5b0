import type { DeviceId, EntryId, VersionId } from "@satchel/protocol";
import { requireSigned, signAddress } from "../signed-address/address-signature.ts";

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
  const signature = signAddress(key, saidBy(claims), expiresAtMs);
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
  requireSigned(key, saidBy(claims), { expires, signature }, nowMs);
  return claims;
}

function saidBy({ fileId, versionId, deviceId }: ContentUrlClaims): (string | number)[] {
  return [fileId, versionId, deviceId];
}
