import {
  commentRequestSchema,
  commentsQuerySchema,
  commentsResponseSchema,
  deleteCommentRequestSchema,
  doneResponseSchema,
  resolveThreadRequestSchema,
} from "@satchel/protocol";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["comments"];
/** Whoever may read a file may say something about it, which changes nothing of it. */
const config = { access: "account", right: "files.read", checksAnswers: true } as const;
const done = { success: true } as const;

export function commentRoutes(app: App, { core: { comments } }: RouteContext): void {
  app.get(
    "/v1/comments",
    {
      config,
      schema: {
        tags,
        summary: "What people say about a file",
        querystring: commentsQuerySchema,
        response: answers(commentsResponseSchema, "not_found", ...loginRefusals),
      },
    },
    async (request) => ({ threads: await comments.list(callerOf(request), request.query.file_id) }),
  );
  app.post(
    "/v1/comments",
    {
      config,
      schema: {
        tags,
        summary: "Says something about a file, or answers",
        body: commentRequestSchema,
        response: answers(doneResponseSchema, "not_found", "id_taken", "limit_exceeded", ...loginRefusals),
      },
    },
    async (request) => {
      await comments.add(callerOf(request), request.body);
      return done;
    },
  );
  app.post(
    "/v1/comments/resolve",
    {
      config,
      schema: {
        tags,
        summary: "Says that a thread is dealt with, or is not",
        body: resolveThreadRequestSchema,
        response: answers(doneResponseSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    async (request) => {
      await comments.resolve(callerOf(request), request.body);
      return done;
    },
  );
  app.post(
    "/v1/comments/delete",
    {
      config,
      schema: {
        tags,
        summary: "Takes back a comment: one's own, and any to whoever owns the folder",
        body: deleteCommentRequestSchema,
        response: answers(doneResponseSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    async (request) => {
      await comments.remove(callerOf(request), request.body);
      return done;
    },
  );
}
