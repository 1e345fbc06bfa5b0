import { z } from "zod";
import { workspaceIdSchema } from "../ids/ids.ts";
import { packedChunksSchema } from "./values.ts";

/** The most chunks that one question for addresses at the object store may name. */
export const maxDirectChunks = 64;
/** Smaller chunks never go directly: many of them share an object. */
export const minDirectChunkBytes = 256 * 1024;

/** An address at the object store itself, for minutes. The request has to carry exactly these headers: they are part of what was signed. */
const directAddressSchema = z.object({ url: z.url(), headers: z.record(z.string(), z.string()) });

/** `POST /v1/chunks/direct_upload` and `/v1/chunks/direct_download`. */
export const directChunksRequestSchema = z
  .object({ workspace_id: workspaceIdSchema, chunks: packedChunksSchema })
  .meta({ id: "DirectChunksRequest" });

/** In the order of the question: where to `PUT` each chunk, and what tells the server afterwards that it was; null for one that has to go through the server. Empty where none goes directly. */
export const directUploadResponseSchema = z
  .object({ uploads: z.array(directAddressSchema.extend({ receipt: z.string() }).nullable()) })
  .meta({ id: "DirectUploadResponse" });

/** `POST /v1/chunks/direct_stored`: the receipts of chunks that the object store took. */
export const directStoredRequestSchema = z
  .object({ workspace_id: workspaceIdSchema, receipts: z.array(z.string().max(512)).min(1).max(maxDirectChunks) })
  .meta({ id: "DirectStoredRequest" });
/** In the order of the receipts: whether the workspace has the chunk now. One that it has not goes through the server. */
export const directStoredResponseSchema = z
  .object({ stored: z.array(z.boolean()) })
  .meta({ id: "DirectStoredResponse" });

/** In the order of the question: where to `GET` each chunk; null for one that has to come through the server. Empty where none comes directly. */
export const directDownloadResponseSchema = z
  .object({ downloads: z.array(directAddressSchema.nullable()) })
  .meta({ id: "DirectDownloadResponse" });
