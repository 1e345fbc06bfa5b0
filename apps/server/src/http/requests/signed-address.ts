import type { DeviceId, WorkspaceId } from "@satchel/protocol";
import type { ChunkUrlClaims } from "../../features/chunks/chunk-url.ts";
import type { ArchiveUrlClaims } from "../../features/archive/archive-url.ts";
import type { ContentUrlClaims } from "../../features/files/content-url.ts";

/** What the address of a request was found to give the right to, before its body is read. */
export type SignedAddress = { readonly deviceId: DeviceId; readonly workspaceId: WorkspaceId } & (
  | { readonly kind: "chunk"; readonly claims: ChunkUrlClaims }
  | { readonly kind: "content"; readonly claims: ContentUrlClaims }
  | { readonly kind: "archive"; readonly claims: ArchiveUrlClaims }
);
