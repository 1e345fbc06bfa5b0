import {
  doneResponseSchema,
  maxNoticesPerPage,
  noticeSettingsSchema,
  noticesReadRequestSchema,
  noticesResponseSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["notices"];
const reading = { access: "account", right: "account.read", checksAnswers: true } as const;
const writing = { access: "account", right: "account.manage", checksAnswers: true } as const;
const pageSchema = z.object({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(maxNoticesPerPage).optional(),
});

export function noticeRoutes(app: App, { core: { notices } }: RouteContext): void {
  app.get(
    "/v1/notices",
    {
      config: reading,
      schema: {
        tags,
        summary: "What the account is told of, newest first",
        querystring: pageSchema,
        response: answers(noticesResponseSchema, "bad_cursor", ...loginRefusals),
      },
    },
    (request) => {
      const { cursor, limit } = request.query;
      return notices.list(callerOf(request), { cursor, limit });
    },
  );
  app.post(
    "/v1/notices/read",
    {
      config: writing,
      schema: {
        tags,
        summary: "Says that notices were read: these, or all",
        body: noticesReadRequestSchema,
        response: answers(doneResponseSchema, ...loginRefusals),
      },
    },
    async (request) => {
      await notices.markRead(callerOf(request), request.body.ids);
      return { success: true } as const;
    },
  );
  app.get(
    "/v1/notices/settings",
    {
      config: reading,
      schema: {
        tags,
        summary: "What the account wants to be told of",
        response: answers(noticeSettingsSchema, ...loginRefusals),
      },
    },
    async (request) => ({ settings: await notices.settings(callerOf(request)) }),
  );
  app.post(
    "/v1/notices/settings",
    {
      config: writing,
      schema: {
        tags,
        summary: "Changes what the account wants to be told of; what is left out stays",
        body: noticeSettingsSchema,
        response: answers(noticeSettingsSchema, ...loginRefusals),
      },
    },
    async (request) => ({ settings: await notices.putSettings(callerOf(request), request.body.settings) }),
  );
}
