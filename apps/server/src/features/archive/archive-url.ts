import { createHash } from "node:crypto";
import type { DeviceId, EntryId, WorkspaceId } from "@satchel/protocol";
import { requireSigned, signAddress } from "../signed-address/address-signature.ts";

/** How long the address of an archive is good for a new request; a download that has begun goes on. */
export const archiveUrlMs = 10 * 60 * 1000;

/** Where signed addresses of archives lie. Which entries are meant comes in the body: they may be too many for an address. */
export const archivePath = "/v1/archive";

/** What an address of an archive gives the right to: these entries under this name, as long as the device that it was made for may read them. */
export interface ArchiveUrlClaims {
  readonly workspaceId: WorkspaceId;
  readonly deviceId: DeviceId;
  readonly name: string;
  /** Of the entries, see {@link digestOfEntries}. */
  readonly digest: string;
}

/** The part of an address behind the `?`, as it came. */
export interface ArchiveUrlQuery {
  readonly workspace: WorkspaceId;
  readonly device: DeviceId;
  readonly name: string;
  readonly digest: string;
  readonly expires: number;
  readonly signature: string;
}

/** Path and query of the address, good until `nowMs` + {@link archiveUrlMs}. */
export function signArchiveUrl(key: Uint8Array, claims: ArchiveUrlClaims, nowMs: number): string {
  const expiresAtMs = nowMs + archiveUrlMs;
  const { workspaceId, deviceId, name, digest } = claims;
  const query = new URLSearchParams({
    workspace: workspaceId,
    device: deviceId,
    name,
    digest,
    expires: String(expiresAtMs),
    signature: signAddress(key, saidBy(claims), expiresAtMs),
  });
  return `${archivePath}?${query.toString()}`;
}

/** @throws url_expired unless this server signed exactly this, and its time isn't over. */
export function readArchiveUrl(key: Uint8Array, query: ArchiveUrlQuery, nowMs: number): ArchiveUrlClaims {
  const { workspace: workspaceId, device: deviceId, name, digest, expires, signature } = query;
  const claims = { workspaceId, deviceId, name, digest };
  requireSigned(key, saidBy(claims), { expires, signature }, nowMs);
  return claims;
}

/** What an address says of the entries that are meant, in this order. */
export function digestOfEntries(entryIds: readonly EntryId[]): string {
  return createHash("sha256").update(entryIds.join("\n")).digest("base64url");
}

/** The name, which may hold anything, comes last. */
function saidBy({ workspaceId, deviceId, name, digest }: ArchiveUrlClaims): string[] {
  return [workspaceId, deviceId, digest, name];
}
