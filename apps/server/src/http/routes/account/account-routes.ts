import { accountResponseSchema, deviceIdSchema, devicesResponseSchema, usageResponseSchema } from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["account"];

export function accountRoutes(app: App, { core: { devices, usage } }: RouteContext): void {
  app.get(
    "/v1/account",
    {
      config: { access: "account", right: "account.read" },
      schema: {
        tags,
        summary: "The account and its storage",
        response: answers(accountResponseSchema, ...loginRefusals),
      },
    },
    (request) => devices.account(callerOf(request)),
  );
  app.get(
    "/v1/usage",
    {
      config: { access: "account", right: "files.read" },
      schema: {
        tags,
        summary: "How much is stored, and for what: files, their old versions, trash",
        response: answers(usageResponseSchema, ...loginRefusals),
      },
    },
    (request) => usage.read(callerOf(request)),
  );
  app.get(
    "/v1/devices",
    {
      config: { access: "account", right: "account.read" },
      schema: { tags, summary: "The account's devices", response: answers(devicesResponseSchema, ...loginRefusals) },
    },
    async (request) => ({ devices: await devices.list(callerOf(request)) }),
  );
  app.delete(
    "/v1/devices/:device_id",
    {
      config: { access: "account", right: "account.manage" },
      schema: {
        tags,
        summary: "Revokes a device's login",
        params: z.object({ device_id: deviceIdSchema }),
        response: answers(z.object({ success: z.literal(true) }), "not_found", ...loginRefusals),
      },
    },
    async (request) => {
      await devices.revoke(callerOf(request), request.params.device_id);
      return { success: true as const };
    },
  );
}
