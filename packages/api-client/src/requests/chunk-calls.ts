import {
  decodeFrame,
  downloadBundleHeadSchema,
  downloadUrlsResponseSchema,
  encodeFrame,
  frameMediaType,
  missingChunksResponseSchema,
  splitFrameBody,
  uploadBundleResponseSchema,
} from "@satchel/protocol";
import type { WorkspaceId } from "@satchel/protocol";
import { UnexpectedAnswerError } from "./caller.ts";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, parseAnswer } from "./json-call.ts";
import type { Parsed } from "./json-call.ts";

export type MissingChunks = Parsed<typeof missingChunksResponseSchema>;
export type UploadedBundle = Parsed<typeof uploadBundleResponseSchema>;

/** Chunks of one workspace, in the packed form of a manifest: base64 of 36 bytes each. */
export interface ChunkSelection {
  readonly workspaceId: WorkspaceId;
  readonly chunks: string;
}

export interface ChunkCalls {
  /** Positions of the chunks that the workspace doesn't have; with `urls`, an address to `putSigned` each at. */
  missingChunks(request: ChunkSelection & { urls?: boolean }, options?: CallOptions): Promise<MissingChunks>;
  /** Stores chunks; `pieces` are their bytes in order, and are not copied. At most maxBundleBytes. */
  uploadBundle(
    request: ChunkSelection & { pieces: readonly Uint8Array[] },
    options?: CallOptions,
  ): Promise<UploadedBundle>;
  /** The bytes of each chunk, in order, as views on one buffer (`into`, if that is given and has room for the frame), not yet verified. At most maxBundleBytes. */
  downloadBundle(request: ChunkSelection & { into?: Uint8Array }, options?: CallOptions): Promise<Uint8Array[]>;
  /** Addresses to `getSigned` each chunk from, in order. */
  downloadUrls(request: ChunkSelection, options?: CallOptions): Promise<string[]>;
  putSigned(url: string, pieces: readonly Uint8Array[], options?: CallOptions): Promise<void>;
  /** Not yet verified. */
  getSigned(url: string, options?: CallOptions): Promise<Uint8Array>;
}

export function createChunkCalls(caller: Caller): ChunkCalls {
  return {
    missingChunks({ workspaceId, chunks, urls }, options) {
      const question = { workspace_id: workspaceId, chunks, ...(urls === undefined ? {} : { urls }) };
      return callForJson(
        caller,
        { method: "POST", path: "/v1/chunks/missing", ...jsonBody(question) },
        missingChunksResponseSchema,
        options,
      );
    },
    uploadBundle({ workspaceId, chunks, pieces }, options) {
      const body = encodeFrame({ workspace_id: workspaceId, chunks }, pieces);
      const call = { method: "POST", path: "/v1/chunks/upload", contentType: frameMediaType, body } as const;
      return callForJson(caller, call, uploadBundleResponseSchema, options);
    },
    async downloadBundle({ workspaceId, chunks, into }, options) {
      const path = "/v1/chunks/download";
      const question = jsonBody({ workspace_id: workspaceId, chunks });
      return splitDownload(await caller({ method: "POST", path, ...question, receiveInto: into }, options), path);
    },
    async downloadUrls({ workspaceId, chunks }, options) {
      const call = {
        method: "POST",
        path: "/v1/chunks/download_urls",
        ...jsonBody({ workspace_id: workspaceId, chunks }),
      } as const;
      return (await callForJson(caller, call, downloadUrlsResponseSchema, options)).urls;
    },
    async putSigned(url, pieces, options) {
      await caller(
        { method: "PUT", path: url, contentType: "application/octet-stream", body: pieces, auth: "none" },
        options,
      );
    },
    getSigned: (url, options) => caller({ method: "GET", path: url, auth: "none" }, options),
  };
}

function splitDownload(bytes: Uint8Array, path: string): Uint8Array[] {
  try {
    const { head, body } = decodeFrame(bytes);
    return splitFrameBody(body, parseAnswer(downloadBundleHeadSchema, head, path).sizes);
  } catch (cause) {
    throw new UnexpectedAnswerError("the downloaded bundle is not a frame", { cause });
  }
}
