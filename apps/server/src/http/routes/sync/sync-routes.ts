import {
  changesPageSchema,
  commitRequestSchema,
  commitResponseSchema,
  manifestsRequestSchema,
  manifestsResponseSchema,
  maxChangesPerPage,
  maxCommitBodyBytes,
  maxFrameHeadBytes,
  maxPollSeconds,
  pollResponseSchema,
  ProblemError,
  workspaceIdSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { withLentBody } from "../../requests/lent-body.ts";
import { callerOf, repeatableOf, type App } from "../../route-context.ts";

const tags = ["sync"];
const frameLengthBytes = 4;
const defaultPollSeconds = 30;
const noBytes = new Uint8Array();
/** Loose here: what is no cursor is `bad_cursor`, not `bad_request`. */
const cursorQuerySchema = z.string().max(256).optional();

export const notificationsQuerySchema = z.object({
  mode: z.enum(["events", "changes"]).default("events"),
  /** Whether to tell what devices do, with `mode=changes`. */
  devices: z.enum(["true", "false"]).default("false"),
  workspace_id: workspaceIdSchema.optional(),
  cursor: cursorQuerySchema,
});
export const notificationsPath = "/v1/sync/notifications";
export const notificationsRight = "files.read";

export function syncRoutes(app: App, context: RouteContext): void {
  commitRoute(app, context);
  feedRoutes(app, context);
  listeningRoutes(app, context);
}

function commitRoute(app: App, { core: { sync } }: RouteContext): void {
  app.post(
    "/v1/sync/commit",
    {
      config: { access: "account", right: "files.write", lendsBody: true },
      bodyLimit: frameLengthBytes + maxFrameHeadBytes + maxCommitBodyBytes,
      schema: {
        tags,
        summary: "Applies a batch of operations, as JSON or as a frame that carries chunks",
        body: commitRequestSchema,
        response: answers(
          commitResponseSchema,
          "not_found",
          "bad_cursor",
          "hash_mismatch",
          "cursor_expired",
          "cursor_ahead",
          "key_reused",
          "body_too_large",
          "quota_exceeded",
          "storage_full",
          ...loginRefusals,
        ),
      },
    },
    (request) =>
      withLentBody(request, () =>
        sync.commit(callerOf(request), {
          request: request.body,
          body: request.frameBody ?? noBytes,
          repeatable: repeatableOf(request),
        }),
      ),
  );
}

function feedRoutes(app: App, { core: { sync } }: RouteContext): void {
  app.get(
    "/v1/sync/changes",
    {
      // Not checked at each answer: pages of a thousand entries are what a new device asks most, and checking is a quarter of their cost.
      config: { access: "account", right: "files.read" },
      schema: {
        tags,
        summary: "What changed after a cursor, in commit order",
        querystring: z.object({
          workspace_id: workspaceIdSchema.optional(),
          cursor: cursorQuerySchema,
          limit: z.coerce.number().int().min(1).max(maxChangesPerPage).optional(),
        }),
        response: answers(
          changesPageSchema,
          "bad_cursor",
          "not_found",
          "cursor_expired",
          "cursor_ahead",
          ...loginRefusals,
        ),
      },
    },
    (request) => {
      const principal = callerOf(request);
      const { workspace_id: workspaceId = principal.rootWorkspaceId, cursor, limit } = request.query;
      return sync.changes(principal, { workspaceId, cursor, limit });
    },
  );
  app.post(
    "/v1/sync/manifests",
    {
      config: { access: "account", right: "files.read", priority: "listing" },
      schema: {
        tags,
        summary: "The chunk lists of versions",
        body: manifestsRequestSchema,
        response: answers(manifestsResponseSchema, "not_found", ...loginRefusals),
      },
    },
    async (request) => {
      const { workspace_id: workspaceId, versions } = request.body;
      return { manifests: await sync.manifests(callerOf(request), { workspaceId, versions }) };
    },
  );
}

function listeningRoutes(app: App, { core }: RouteContext): void {
  app.get(
    "/v1/sync/poll",
    {
      config: { access: "account", right: "files.read", checksAnswers: true, role: "notify", priority: "waits" },
      schema: {
        tags,
        summary: "Waits until something changed after a cursor",
        querystring: z.object({
          workspace_id: workspaceIdSchema.optional(),
          cursor: cursorQuerySchema,
          timeout: z.coerce.number().min(0).default(defaultPollSeconds),
        }),
        response: answers(
          pollResponseSchema,
          "bad_cursor",
          "not_found",
          "cursor_expired",
          "cursor_ahead",
          ...loginRefusals,
        ),
      },
    },
    (request) => {
      const { workspace_id: workspaceId, cursor, timeout } = request.query;
      return core.notifications.poll(callerOf(request), {
        workspaceId,
        cursor,
        timeoutMs: Math.min(timeout, maxPollSeconds) * 1000,
        signal: request.signal,
      });
    },
  );
  app.get(
    notificationsPath,
    {
      config: { access: "account", right: notificationsRight, role: "notify" },
      schema: {
        tags,
        summary: "A WebSocket that tells of changes as they happen",
        description:
          "Each message is a ChangeEvent; with `mode=changes` a ChangesPush, and with `devices=true` beside it a DeviceReported. See docs/spec/api.md.",
        querystring: notificationsQuerySchema,
        response: answers(z.unknown(), "bad_cursor", "not_found", ...loginRefusals),
      },
    },
    () => {
      throw new ProblemError("bad_request", "open a WebSocket here, or poll /v1/sync/poll");
    },
  );
}
