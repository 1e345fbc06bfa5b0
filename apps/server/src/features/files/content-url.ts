import type { DeviceId, EntryId, VersionId } from "@satchel/protocol";
import { requireSigned, signAddress } from "../signed-address/address-signature.ts";

/** How long the address of a file's content is good for a new request; a download that has begun goes on. */
export const contentUrlMs = 10 * 60 * 1000;

/** How a browser is to take the bytes: into its downloads, or to be shown by an element of the app's page. */
export type ContentDisposition = "attachment" | "inline";

/** What an address of a content gives the right to: to read this version, in this way, as long as the device that it was made for may. */
export interface ContentUrlClaims {
  readonly fileId: EntryId;
  readonly versionId: VersionId;
  readonly deviceId: DeviceId;
  readonly disposition: ContentDisposition;
}

/** The part of an address behind the `?`, as it came. */
export interface ContentUrlQuery {
  readonly version: VersionId;
  readonly device: DeviceId;
  readonly disposition: ContentDisposition;
  readonly expires: number;
  readonly signature: string;
}

/** Path and query of the address, good until `nowMs` + {@link contentUrlMs}. */
export function signContentUrl(key: Uint8Array, claims: ContentUrlClaims, nowMs: number): string {
  const expiresAtMs = nowMs + contentUrlMs;
  const signature = signAddress(key, saidBy(claims), expiresAtMs);
  const { fileId, versionId, deviceId, disposition } = claims;
  const shown = disposition === "inline" ? "&disposition=inline" : "";
  return `/v1/content/${fileId}?version=${versionId}&device=${deviceId}${shown}&expires=${expiresAtMs}&signature=${signature}`;
}

/** @throws url_expired unless this server signed exactly this, and its time isn't over. */
export function readContentUrl(
  key: Uint8Array,
  url: { readonly fileId: EntryId; readonly query: ContentUrlQuery },
  nowMs: number,
): ContentUrlClaims {
  const { version, device, disposition, expires, signature } = url.query;
  const claims = { fileId: url.fileId, versionId: version, deviceId: device, disposition };
  requireSigned(key, saidBy(claims), { expires, signature }, nowMs);
  return claims;
}

function saidBy({ fileId, versionId, deviceId, disposition }: ContentUrlClaims): (string | number)[] {
  return [fileId, versionId, deviceId, disposition];
}
