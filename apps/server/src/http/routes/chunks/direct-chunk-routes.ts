import {
  directChunksRequestSchema,
  directDownloadResponseSchema,
  directStoredRequestSchema,
  directStoredResponseSchema,
  directUploadResponseSchema,
  maxDirectChunks,
} from "@satchel/protocol";
import { parsePackedChunks } from "../../../features/chunks/packed-chunks.ts";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["chunks"];

/** Chunks that go directly between clients and the object store. */
export function directChunkRoutes(app: App, { core: { authorisation, directTransfer } }: RouteContext): void {
  app.post(
    "/v1/chunks/direct_upload",
    {
      config: { access: "account", right: "files.write" },
      schema: {
        tags,
        summary: "Addresses at the object store to bring large chunks to",
        body: directChunksRequestSchema,
        response: answers(directUploadResponseSchema, "not_found", "quota_exceeded", ...loginRefusals),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const workspaceId = await authorisation.requireWorkspace(caller, request.body.workspace_id);
      const chunks = parsePackedChunks(request.body.chunks, maxDirectChunks);
      const uploads = await directTransfer.openUploads({ workspaceId, deviceId: caller.deviceId }, chunks);
      return { uploads: uploads.map((upload) => upload ?? null) };
    },
  );
  app.post(
    "/v1/chunks/direct_stored",
    {
      config: { access: "account", right: "files.write" },
      schema: {
        tags,
        summary: "Chunks that the object store took belong to the workspace from now on",
        body: directStoredRequestSchema,
        response: answers(directStoredResponseSchema, "not_found", "url_expired", "quota_exceeded", ...loginRefusals),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const workspaceId = await authorisation.requireWorkspace(caller, request.body.workspace_id);
      const holder = { workspaceId, deviceId: caller.deviceId };
      return { stored: await directTransfer.takeOver(holder, request.body.receipts) };
    },
  );
  app.post(
    "/v1/chunks/direct_download",
    {
      config: { access: "account", right: "files.read" },
      schema: {
        tags,
        summary: "Addresses at the object store to fetch large chunks from",
        body: directChunksRequestSchema,
        response: answers(directDownloadResponseSchema, "not_found", "content_quarantined", ...loginRefusals),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const workspaceId = await authorisation.requireWorkspace(caller, request.body.workspace_id);
      const chunks = parsePackedChunks(request.body.chunks, maxDirectChunks);
      const downloads = await directTransfer.openDownloads({ workspaceId, deviceId: caller.deviceId }, chunks);
      return { downloads: downloads.map((address) => address ?? null) };
    },
  );
}
