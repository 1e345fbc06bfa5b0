import { createHmac, timingSafeEqual } from "node:crypto";
import { ProblemError, type ChunkHash, type DeviceId, type WorkspaceId } from "@satchel/protocol";

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
  const signature = sign(key, claims, expiresAtMs).toString("base64url");
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
  const given = Buffer.from(signature, "base64url");
  const right = sign(key, claims, expires);
  const isGenuine = given.length === right.length && timingSafeEqual(given, right);
  if (!isGenuine || expires <= nowMs) throw new ProblemError("url_expired");
  return claims;
}

function sign(key: Uint8Array, claims: ChunkUrlClaims, expiresAtMs: number): Buffer {
  const { method, workspaceId, deviceId, hash, sizeBytes } = claims;
  return createHmac("sha256", key)
    .update([method, workspaceId, deviceId, hash, sizeBytes, expiresAtMs].join("\n"))
    .digest();
}
