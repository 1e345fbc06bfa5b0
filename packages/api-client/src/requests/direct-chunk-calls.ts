import {
  directDownloadResponseSchema,
  directStoredResponseSchema,
  directUploadResponseSchema,
} from "@satchel/protocol";
import type { WorkspaceId } from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import type { ChunkSelection } from "./chunk-calls.ts";
import { callForJson, jsonBody } from "./json-call.ts";
import type { Parsed } from "./json-call.ts";

/** An address at the object store, and the headers that were signed with it. */
export interface DirectAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type DirectUploads = Parsed<typeof directUploadResponseSchema>["uploads"];
export type DirectDownloads = Parsed<typeof directDownloadResponseSchema>["downloads"];

/** Chunks that don't pass through the server. */
export interface DirectChunkCalls {
  /** Where to `putDirect` each chunk, in order; null for one that goes through the server; empty where none goes directly. */
  openDirectUploads(request: ChunkSelection, options?: CallOptions): Promise<DirectUploads>;
  /** Tells the server of chunks that were brought; answers which of them the workspace has now. */
  directStored(
    request: { workspaceId: WorkspaceId; receipts: readonly string[] },
    options?: CallOptions,
  ): Promise<boolean[]>;
  /** Where to `getDirect` each chunk, in order; null for one that comes through the server; empty where none comes directly. */
  openDirectDownloads(request: ChunkSelection, options?: CallOptions): Promise<DirectDownloads>;
  putDirect(address: DirectAddress, pieces: readonly Uint8Array[], options?: CallOptions): Promise<void>;
  /** Not yet verified. */
  getDirect(address: DirectAddress, options?: CallOptions): Promise<Uint8Array>;
}

export function createDirectChunkCalls(caller: Caller): DirectChunkCalls {
  return {
    async openDirectUploads({ workspaceId, chunks }, options) {
      const question = jsonBody({ workspace_id: workspaceId, chunks });
      const call = { method: "POST", path: "/v1/chunks/direct_upload", ...question } as const;
      return (await callForJson(caller, call, directUploadResponseSchema, options)).uploads;
    },
    async directStored({ workspaceId, receipts }, options) {
      const call = {
        method: "POST",
        path: "/v1/chunks/direct_stored",
        ...jsonBody({ workspace_id: workspaceId, receipts }),
      } as const;
      return (await callForJson(caller, call, directStoredResponseSchema, options)).stored;
    },
    async openDirectDownloads({ workspaceId, chunks }, options) {
      const question = jsonBody({ workspace_id: workspaceId, chunks });
      const call = { method: "POST", path: "/v1/chunks/direct_download", ...question } as const;
      return (await callForJson(caller, call, directDownloadResponseSchema, options)).downloads;
    },
    async putDirect({ url, headers }, pieces, options) {
      await caller({ method: "PUT", path: url, headers, body: pieces, auth: "none" }, options);
    },
    getDirect: ({ url, headers }, options) => caller({ method: "GET", path: url, headers, auth: "none" }, options),
  };
}
