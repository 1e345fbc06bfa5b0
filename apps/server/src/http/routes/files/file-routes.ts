import {
  fileCommitRequestSchema,
  fileCommitResponseSchema,
  folderReferenceSchema,
  maxEntriesPerPage,
  metadataResponseSchema,
  ProblemError,
  resolveResponseSchema,
  uploadRequestSchema,
  uploadResponseSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import { listJsonBytes } from "../../requests/body-parsers.ts";
import type { RouteContext } from "../../create-app.ts";
import { absoluteUrls } from "../../requests/public-url.ts";
import { callerOf, repeatableOf, type App } from "../../route-context.ts";

const tags = ["files"];
const reading = { access: "account", right: "files.read", checksAnswers: true } as const;
const writing = { access: "account", right: "files.write", checksAnswers: true } as const;

/** The bounds of a page, on every route that lists. */
export const pageQuerySchema = z.object({
  cursor: z.string().min(1).max(512).optional(),
  limit: z.coerce.number().int().min(1).max(maxEntriesPerPage).optional(),
});
/** The longest path: 4096 bytes is what systems take, and each character is at most four, percent-encoded by the caller. */
const maxPathLength = 4096;

export function fileRoutes(app: App, context: RouteContext): void {
  announceRoute(app, context);
  commitRoute(app, context);
  lookRoutes(app, context);
}

function announceRoute(app: App, { core: { upload }, publicUrl }: RouteContext): void {
  app.post(
    "/v1/files/upload_request",
    {
      config: writing,
      bodyLimit: listJsonBytes,
      schema: {
        tags,
        summary: "Announces a file, and asks which of its chunks to send",
        body: uploadRequestSchema,
        response: answers(
          uploadResponseSchema,
          "forbidden",
          "not_found",
          "quota_exceeded",
          "body_too_large",
          ...loginRefusals,
        ),
      },
    },
    async (request) => {
      const { body } = request;
      const announced = await upload.announce(
        callerOf(request),
        {
          parent: body.parent_folder_id,
          name: body.file_name,
          sizeBytes: body.file_size,
          chunkHashes: body.chunk_hashes,
          chunkSizes: body.chunk_sizes,
          fileId: body.file_id,
        },
        repeatableOf(request),
      );
      const urls = absoluteUrls(request, publicUrl, announced.uploadPaths);
      return { file_id: announced.fileId, missing_chunk_hashes: announced.missing, upload_urls: urls };
    },
  );
}

function commitRoute(app: App, { core: { upload } }: RouteContext): void {
  app.post(
    "/v1/files/commit",
    {
      config: writing,
      bodyLimit: listJsonBytes,
      schema: {
        tags,
        summary: "Makes a version out of chunks that were sent",
        body: fileCommitRequestSchema,
        response: answers(
          fileCommitResponseSchema,
          ...([
            "forbidden",
            "not_found",
            "version_conflict",
            "name_taken",
            "key_reused",
            "quota_exceeded",
            "chunk_missing",
            "manifest_mismatch",
            "body_too_large",
          ] as const),
          ...loginRefusals,
        ),
      },
    },
    async (request) => {
      const { body } = request;
      const newVersionId = await upload.commit(
        callerOf(request),
        {
          fileId: body.file_id,
          versionHash: body.version_hash,
          chunkHashes: body.chunk_hashes,
          baseVersionId: body.base_version_id,
          modified: body.modified,
          executable: body.executable,
        },
        repeatableOf(request),
      );
      return { success: true as const, new_version_id: newVersionId };
    },
  );
}

function lookRoutes(app: App, { core: { browse } }: RouteContext): void {
  app.get(
    "/v1/files/metadata",
    {
      config: reading,
      schema: {
        tags,
        summary: "A file, or a folder with a page of its entries",
        querystring: z.object({
          ...pageQuerySchema.shape,
          file_id: folderReferenceSchema.optional(),
          folder_id: folderReferenceSchema.optional(),
        }),
        response: answers(metadataResponseSchema, "forbidden", "not_found", ...loginRefusals),
      },
    },
    async (request) => {
      const { file_id: fileId, folder_id: folderId, cursor, limit } = request.query;
      if (fileId !== undefined && folderId === undefined)
        return browse.metadata(callerOf(request), fileId, { cursor, limit });
      if (folderId !== undefined && fileId === undefined)
        return browse.folder(callerOf(request), folderId, { cursor, limit });
      throw new ProblemError("bad_request", "name a file_id or a folder_id");
    },
  );
  app.get(
    "/v1/files/resolve",
    {
      config: reading,
      schema: {
        tags,
        summary: "What stands at a path",
        querystring: z.object({ path: z.string().max(maxPathLength) }),
        response: answers(resolveResponseSchema, "not_found", ...loginRefusals),
      },
    },
    (request) => browse.resolve(callerOf(request), request.query.path),
  );
}
