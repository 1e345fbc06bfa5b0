import {
  activityResponseSchema,
  conflictsResponseSchema,
  entryIdSchema,
  folderReferenceSchema,
  restorePreviewRequestSchema,
  restorePreviewResponseSchema,
  restoreRequestSchema,
  restoreResponseSchema,
  trashResponseSchema,
  versionsResponseSchema,
  workspaceIdSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, repeatableOf, type App } from "../../route-context.ts";
import { pageQuerySchema } from "./file-routes.ts";

const tags = ["history"];
const reading = { access: "account", right: "files.read", checksAnswers: true } as const;
const writing = { access: "account", right: "files.write", checksAnswers: true } as const;

export function historyRoutes(app: App, { core: { browse, restore } }: RouteContext): void {
  app.get(
    "/v1/files/versions",
    {
      config: reading,
      schema: {
        tags,
        summary: "A file's versions, newest first",
        querystring: z.object({ ...pageQuerySchema.shape, file_id: entryIdSchema }),
        response: answers(versionsResponseSchema, "not_found", ...loginRefusals),
      },
    },
    (request) => {
      const { file_id: id, cursor, limit } = request.query;
      return browse.versions(callerOf(request), id, { cursor, limit });
    },
  );
  app.get(
    "/v1/files/trash",
    {
      config: reading,
      schema: {
        tags,
        summary: "What was deleted and can be restored",
        querystring: z.object({ ...pageQuerySchema.shape, workspace_id: workspaceIdSchema.optional() }),
        response: answers(trashResponseSchema, "not_found", ...loginRefusals),
      },
    },
    (request) => {
      const { cursor, limit, workspace_id: workspaceId } = request.query;
      return browse.trash(callerOf(request), { cursor, limit, workspaceId });
    },
  );
  app.get(
    "/v1/files/conflicts",
    {
      config: reading,
      schema: {
        tags,
        summary: "Conflicted copies that nobody has resolved yet",
        querystring: pageQuerySchema,
        response: answers(conflictsResponseSchema, ...loginRefusals),
      },
    },
    (request) => browse.conflicts(callerOf(request), { cursor: request.query.cursor, limit: request.query.limit }),
  );
  app.get(
    "/v1/files/activity",
    {
      config: reading,
      schema: {
        tags,
        summary: "Who did what to a file, or in a folder at any depth, newest first",
        querystring: z.object({ ...pageQuerySchema.shape, file_id: folderReferenceSchema }),
        response: answers(activityResponseSchema, "not_found", ...loginRefusals),
      },
    },
    (request) => {
      const { file_id: id, cursor, limit } = request.query;
      return browse.activity(callerOf(request), id, { cursor, limit });
    },
  );
  restoreRoutes(app, restore);
}

/** Taking back what was. */
function restoreRoutes(app: App, restore: RouteContext["core"]["restore"]): void {
  app.post(
    "/v1/files/restore_preview",
    {
      config: writing,
      schema: {
        tags,
        summary: "What taking a folder back to an instant would do; nothing changes",
        body: restorePreviewRequestSchema,
        response: answers(restorePreviewResponseSchema, "not_found", ...loginRefusals),
      },
    },
    (request) => restore.preview(callerOf(request), { id: request.body.file_id, at: request.body.at }),
  );
  app.post(
    "/v1/files/restore",
    {
      config: writing,
      schema: {
        tags,
        summary: "Takes back a version, a deleted entry, or a folder as it was",
        body: restoreRequestSchema,
        response: answers(restoreResponseSchema, "not_found", "quota_exceeded", "key_reused", ...loginRefusals),
      },
    },
    (request) => {
      const { file_id: id, version_id: versionId, at } = request.body;
      return restore.restore(callerOf(request), { id, versionId, at, repeatable: repeatableOf(request) });
    },
  );
}
