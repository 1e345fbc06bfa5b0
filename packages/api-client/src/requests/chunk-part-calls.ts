import { encodeFrame, frameMediaType, uploadPartResponseSchema } from "@satchel/protocol";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { UnexpectedAnswerError } from "./caller.ts";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody } from "./json-call.ts";
import type { Parsed } from "./json-call.ts";

export type UploadedPart = Parsed<typeof uploadPartResponseSchema>;

/** A place in one chunk of `size` bytes. */
export interface PartOfChunk {
  readonly workspaceId: WorkspaceId;
  readonly hash: ChunkHash;
  readonly size: number;
  readonly offset: number;
}

/** Chunks in parts, where no request as large as a chunk gets through. */
export interface ChunkPartCalls {
  /** The answer tells where to go on. */
  uploadPart(request: PartOfChunk & { readonly bytes: Uint8Array }, options?: CallOptions): Promise<UploadedPart>;
  /** Not yet verified. */
  downloadPart(request: PartOfChunk & { readonly length: number }, options?: CallOptions): Promise<Uint8Array>;
}

export function createChunkPartCalls(caller: Caller): ChunkPartCalls {
  return {
    uploadPart({ workspaceId, hash, size, offset, bytes }, options) {
      const body = encodeFrame({ workspace_id: workspaceId, hash, size, offset }, [bytes]);
      const call = { method: "POST", path: "/v1/chunks/upload_part", contentType: frameMediaType, body } as const;
      return callForJson(caller, call, uploadPartResponseSchema, options);
    },
    async downloadPart({ workspaceId, hash, size, offset, length }, options) {
      const question = jsonBody({ workspace_id: workspaceId, hash, size, offset, length });
      const bytes = await caller({ method: "POST", path: "/v1/chunks/download_part", ...question }, options);
      if (bytes.length !== length) throw new UnexpectedAnswerError("the part of a chunk has another length than asked");
      return bytes;
    },
  };
}
