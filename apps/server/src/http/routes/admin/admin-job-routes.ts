import { adminJobsSchema, retryTasksRequestSchema, retryTasksResponseSchema } from "@satchel/protocol";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["admin"];
const config = { access: "account", right: "server.manage" } as const;

/** What the server does without being asked; for administrators. */
export function adminJobRoutes(app: App, { core }: RouteContext): void {
  app.get(
    "/v1/admin/jobs",
    {
      config,
      schema: {
        tags,
        summary: "What the server does without being asked: upkeep, tasks that wait or were given up, mail",
        response: answers(adminJobsSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    () => core.backgroundWork.look(),
  );
  app.post(
    "/v1/admin/jobs/retry",
    {
      config,
      schema: {
        tags,
        summary: "Has tasks that were given up tried again",
        body: retryTasksRequestSchema,
        response: answers(retryTasksResponseSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    async (request) => ({ count: await core.backgroundWork.retry(callerOf(request), request.body.kind) }),
  );
}
