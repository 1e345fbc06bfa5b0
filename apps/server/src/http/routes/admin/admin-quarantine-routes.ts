import { allowQuarantinedRequestSchema, quarantinePageSchema } from "@satchel/protocol";
import { z } from "zod";
import { maxQuarantinePage } from "../../../features/malware/quarantine.ts";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["admin"];
const config = { access: "account", right: "server.manage" } as const;

/** What is kept from everybody since malware was found in it; for administrators. */
export function adminQuarantineRoutes(app: App, { core: { quarantine } }: RouteContext): void {
  app.get(
    "/v1/admin/quarantine",
    {
      config,
      schema: {
        tags,
        summary: "Versions in which malware was found, the latest finding first",
        querystring: z.object({
          cursor: z.string().max(128).optional(),
          limit: z.coerce.number().int().min(1).max(maxQuarantinePage).optional(),
        }),
        response: answers(quarantinePageSchema, "bad_cursor", "not_found", "forbidden", ...loginRefusals),
      },
    },
    ({ query }) => quarantine.list({ cursor: query.cursor, limit: query.limit }),
  );
  app.post(
    "/v1/admin/quarantine/allow",
    {
      config,
      schema: {
        tags,
        summary: "Lets a content out, for the whole workspace",
        body: allowQuarantinedRequestSchema,
        response: answers(z.object({ success: z.literal(true) }), "not_found", "forbidden", ...loginRefusals),
      },
    },
    async (request) => {
      const { workspace_id: workspaceId, version_id: versionId } = request.body;
      await quarantine.allow({ workspaceId, versionId }, callerOf(request).accountId);
      return { success: true as const };
    },
  );
}
