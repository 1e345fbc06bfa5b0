import {
  downloadBundleRequestSchema,
  downloadUrlsResponseSchema,
  encodeFrame,
  frameMediaType,
  maxBundleBytes,
  maxChunksPerRequest,
  missingChunksRequestSchema,
  missingChunksResponseSchema,
  uploadBundleHeadSchema,
  uploadBundleResponseSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { pairChunks, parsePackedChunks } from "../../../features/chunks/packed-chunks.ts";
import { answers, loginRefusals, rawAnswers } from "../../answers/answer-schemas.ts";
import { defaultJsonBytes } from "../../requests/body-parsers.ts";
import type { RouteContext } from "../../create-app.ts";
import { withLentBody } from "../../requests/lent-body.ts";
import { absoluteUrls } from "../../requests/public-url.ts";
import { callerOf, type App } from "../../route-context.ts";
import { sendPieces } from "../../answers/send-pieces.ts";

const tags = ["chunks"];
const noBytes = new Uint8Array();

export function chunkRoutes(app: App, context: RouteContext): void {
  const { authorisation, transfer } = context.core;
  app.post(
    "/v1/chunks/missing",
    {
      config: { access: "account", right: "files.write" },
      schema: {
        tags,
        summary: "Which of these chunks does the workspace not have?",
        body: missingChunksRequestSchema,
        response: answers(missingChunksResponseSchema, "not_found", "body_too_large", ...loginRefusals),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const workspaceId = await authorisation.requireWorkspace(caller, request.body.workspace_id);
      const chunks = parsePackedChunks(request.body.chunks, maxChunksPerRequest);
      const missing = await transfer.findMissing(workspaceId, chunks);
      if (!request.body.urls) return { missing };
      const paths = transfer.uploadPaths(
        { workspaceId, deviceId: caller.deviceId },
        missing.flatMap((index) => chunks[index] ?? []),
      );
      return { missing, upload_urls: absoluteUrls(request, context.publicUrl, paths) };
    },
  );
  app.post(
    "/v1/chunks/upload",
    {
      config: { access: "account", right: "files.write", lendsBody: true },
      bodyLimit: defaultJsonBytes + maxBundleBytes,
      schema: {
        tags,
        summary: "Stores many chunks, sent as a frame",
        body: uploadBundleHeadSchema,
        response: answers(
          uploadBundleResponseSchema,
          "not_found",
          "hash_mismatch",
          "body_too_large",
          "quota_exceeded",
          "storage_full",
          ...loginRefusals,
        ),
      },
    },
    (request) =>
      withLentBody(request, async () => {
        const workspaceId = await authorisation.requireWorkspace(callerOf(request), request.body.workspace_id);
        const chunks = pairChunks(
          parsePackedChunks(request.body.chunks, maxChunksPerRequest),
          request.frameBody ?? noBytes,
        );
        if (chunks.length > 0) await transfer.store(workspaceId, chunks);
        return { stored: chunks.length };
      }),
  );
  downloadRoutes(app, context);
}

function downloadRoutes(app: App, context: RouteContext): void {
  const { authorisation, transfer } = context.core;
  app.post(
    "/v1/chunks/download",
    {
      config: { access: "account", right: "files.read" },
      schema: {
        tags,
        summary: "Many chunks at once, as a frame",
        body: downloadBundleRequestSchema,
        response: rawAnswers(
          frameMediaType,
          z.string().meta({ format: "binary" }),
          "not_found",
          "content_quarantined",
          ...loginRefusals,
        ),
      },
    },
    async (request, reply) => {
      const workspaceId = await authorisation.requireWorkspace(callerOf(request), request.body.workspace_id);
      const chunks = parsePackedChunks(request.body.chunks, maxChunksPerRequest);
      const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
      // Of a question for too much nothing is believed.
      const loan = app.bodyMemory.lend(sizeBytes <= maxBundleBytes ? sizeBytes : 0);
      const bytes = await transfer.fetch(workspaceId, chunks, loan.shared).catch((error: unknown) => {
        loan.giveBack();
        throw error;
      });
      const pieces = encodeFrame({ sizes: bytes.map((piece) => piece.length) }, bytes);
      return sendPieces(reply, frameMediaType, { pieces, loan });
    },
  );
  app.post(
    "/v1/chunks/download_urls",
    {
      config: { access: "account", right: "files.read" },
      schema: {
        tags,
        summary: "Signed addresses to fetch chunks at",
        body: downloadBundleRequestSchema,
        response: answers(downloadUrlsResponseSchema, "not_found", "content_quarantined", ...loginRefusals),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const workspaceId = await authorisation.requireWorkspace(caller, request.body.workspace_id);
      const paths = await transfer.downloadPaths(
        { workspaceId, deviceId: caller.deviceId },
        parsePackedChunks(request.body.chunks, maxChunksPerRequest),
      );
      return { urls: absoluteUrls(request, context.publicUrl, paths) };
    },
  );
}
