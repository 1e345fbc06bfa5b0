import {
  doneResponseSchema,
  presenceQuerySchema,
  presenceReportSchema,
  presenceResponseSchema,
} from "@satchel/protocol";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["sharing"];
const config = { access: "account", right: "files.read", checksAnswers: true } as const;

export function presenceRoutes(app: App, { core: { presence } }: RouteContext): void {
  app.get(
    "/v1/presence",
    {
      config,
      schema: {
        tags,
        summary: "Who has files of a workspace open, and who is bringing some",
        querystring: presenceQuerySchema,
        response: answers(presenceResponseSchema, "not_found", ...loginRefusals),
      },
    },
    async (request) => presence.list(callerOf(request), request.query.workspace_id),
  );
  app.post(
    "/v1/presence",
    {
      config,
      schema: {
        tags,
        summary: "Says what a window or program has open; good for a minute, and told to members only",
        body: presenceReportSchema,
        response: answers(doneResponseSchema, "not_found", ...loginRefusals),
      },
    },
    async (request) => {
      await presence.report(callerOf(request), request.body);
      return { success: true as const };
    },
  );
}
