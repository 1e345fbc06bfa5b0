import type { ChunkHash, DeviceId, WorkspaceId } from "@satchel/protocol";
import { requireSigned, signAddress } from "../signed-address/address-signature.ts";

/** How long the address of a chunk is good. */
export const chunkUrlMs = 10 * 60 * 1000;

/** What an address of a chunk gives the right to: to bring or to fetch these bytes, for this workspace, as long as the device that it was made for may. */
export interface ChunkUrlClaims {
  readonly method: "GET" | "PUT";
  readonly workspaceId: WorkspaceId;
  readonly deviceId: DeviceId;
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
}

/** The part of an address behind the `?`, as it came. */
export interface ChunkUrlQuery {
  readonly workspace: WorkspaceId;
  readonly device: DeviceId;
  readonly size: number;
  readonly expires: number;
  readonly signature: string;
}

/** Path and query of the address, good until `nowMs` + {@link chunkUrlMs}. */
export function signChunkUrl(key: Uint8Array, claims: ChunkUrlClaims, nowMs: number): string {
  const expiresAtMs = nowMs + chunkUrlMs;
  const signature = signAddress(key, saidBy(claims), expiresAtMs);
  return `/v1/chunks/${claims.hash}?workspace=${claims.workspaceId}&device=${claims.deviceId}&size=${claims.sizeBytes}&expires=${expiresAtMs}&signature=${signature}`;
}

/** @throws url_expired unless this server signed exactly this, and its time isn't over. */
export function readChunkUrl(
  key: Uint8Array,
  url: { readonly method: "GET" | "PUT"; readonly hash: ChunkHash; readonly query: ChunkUrlQuery },
  nowMs: number,
): ChunkUrlClaims {
  const { workspace, device, size, expires, signature } = url.query;
  const claims = { method: url.method, workspaceId: workspace, deviceId: device, hash: url.hash, sizeBytes: size };
  requireSigned(key, saidBy(claims), { expires, signature }, nowMs);
  return claims;
}

function saidBy({ method, workspaceId, deviceId, hash, sizeBytes }: ChunkUrlClaims): (string | number)[] {
  return [method, workspaceId, deviceId, hash, sizeBytes];
}
