import { z } from "zod";
import { chunkHashSchema, maxChunkSizeBytes } from "../ids/chunk-hash.ts";
import { versionIdSchema, entryIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { packedChunksSchema } from "./values.ts";

/** The most chunks that one question or one bundle may name. */
export const maxChunksPerRequest = 16_384;
/** The most bytes in one bundle, up or down. */
export const maxBundleBytes = 16 * 1024 * 1024;

/** `POST /v1/chunks/missing`: which of these does the workspace not have? What it has stays for at least 24 hours after the answer. */
export const missingChunksRequestSchema = z
  .object({ workspace_id: workspaceIdSchema, chunks: packedChunksSchema, urls: z.boolean().optional() })
  .meta({ id: "MissingChunksRequest" });
/** Positions in the question, ascending; with `urls`, a signed address to `PUT` each at. */
export const missingChunksResponseSchema = z
  .object({ missing: z.array(z.number().int().min(0)), upload_urls: z.array(z.string()).optional() })
  .meta({ id: "MissingChunksResponse" });

/** `POST /v1/chunks/upload`: the head of a frame whose body holds the chunks in order. */
export const uploadBundleHeadSchema = z
  .object({ workspace_id: workspaceIdSchema, chunks: packedChunksSchema })
  .meta({ id: "UploadBundle" });
export const uploadBundleResponseSchema = z.object({ stored: z.number().int() }).meta({ id: "UploadBundleResponse" });

/** `POST /v1/chunks/download`: the answer is a frame, its body the chunks in order, its head `{"sizes":[…]}`. 404 when the workspace has not all of them. */
export const downloadBundleRequestSchema = z
  .object({ workspace_id: workspaceIdSchema, chunks: packedChunksSchema })
  .meta({ id: "DownloadBundleRequest" });
export const downloadBundleHeadSchema = z.object({ sizes: z.array(z.number().int()) });

/** `POST /v1/chunks/download_urls`: signed addresses to `GET` each chunk at, in order. */
export const downloadUrlsResponseSchema = z.object({ urls: z.array(z.string()) }).meta({ id: "DownloadUrlsResponse" });

/** `POST /v1/sync/manifests`: the chunk lists of versions whose states came without. */
export const manifestsRequestSchema = z
  .object({
    workspace_id: workspaceIdSchema,
    versions: z
      .array(z.object({ id: entryIdSchema, version_id: versionIdSchema }))
      .min(1)
      .max(256),
  })
  .meta({ id: "ManifestsRequest" });
/** In the order of the request; null for a version that is gone. */
export const manifestsResponseSchema = z
  .object({ manifests: z.array(packedChunksSchema.nullable()) })
  .meta({ id: "ManifestsResponse" });

/** `POST /v1/chunks/upload_part`: the head of a frame whose body is a part of one chunk, for ways that carry no request as large as a chunk. */
export const uploadPartHeadSchema = z
  .object({
    workspace_id: workspaceIdSchema,
    hash: chunkHashSchema,
    size: z.number().int().min(1).max(maxChunkSizeBytes),
    offset: z.number().int().min(0).max(maxChunkSizeBytes),
  })
  .meta({ id: "UploadPart" });
/** How many bytes from the chunk's start the server has: go on there, even if it is less than was sent. `stored` when it was the last part. */
export const uploadPartResponseSchema = z
  .object({ received: z.number().int().min(0), stored: z.boolean() })
  .meta({ id: "UploadPartResponse" });

/** `POST /v1/chunks/download_part`: the answer is `length` bytes of one chunk from `offset` on. */
export const downloadPartRequestSchema = z
  .object({
    workspace_id: workspaceIdSchema,
    hash: chunkHashSchema,
    size: z.number().int().min(1).max(maxChunkSizeBytes),
    offset: z.number().int().min(0).max(maxChunkSizeBytes),
    length: z.number().int().min(1).max(maxChunkSizeBytes),
  })
  .meta({ id: "DownloadPartRequest" });
