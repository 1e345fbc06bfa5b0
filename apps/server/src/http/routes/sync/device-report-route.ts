import { deviceReportSchema } from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

export function deviceReportRoute(app: App, { core: { reports } }: RouteContext): void {
  app.post(
    "/v1/devices/report",
    {
      config: { access: "account", right: "files.read" },
      schema: {
        tags: ["account"],
        summary:
          "Says what this device does now; told to the account, and to members of the folders that it brings files to",
        body: deviceReportSchema,
        response: answers(z.object({ success: z.literal(true) }), "not_found", ...loginRefusals),
      },
    },
    async (request) => {
      await reports.report(callerOf(request), request.body);
      return { success: true as const };
    },
  );
}
