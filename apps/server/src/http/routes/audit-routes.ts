import { accountIdSchema, auditResponseSchema } from "@satchel/protocol";
import { z } from "zod";
import { maxAuditPage } from "../../features/audit/audit.ts";
import { answers, loginRefusals } from "../answer-schemas.ts";
import type { RouteContext } from "../create-app.ts";
import { callerOf, type App } from "../route-context.ts";

const tags = ["audit"];
const pageSchema = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(maxAuditPage).optional(),
});

export function auditRoutes(app: App, { core: { audit } }: RouteContext): void {
  app.get(
    "/v1/audit",
    {
      config: { access: "account", right: "account.read" },
      schema: {
        tags,
        summary: "What was done by the account, and to it",
        querystring: pageSchema,
        response: answers(auditResponseSchema, ...loginRefusals),
      },
    },
    (request) => {
      const { cursor, limit } = request.query;
      return audit.list({ accountId: callerOf(request).accountId, cursor, limit });
    },
  );
  app.get(
    "/v1/admin/audit",
    {
      config: { access: "account", right: "server.manage" },
      schema: {
        tags,
        summary: "What was done on the server, by anybody or about one account; for administrators",
        querystring: pageSchema.extend({ account_id: accountIdSchema.optional() }),
        response: answers(auditResponseSchema, "forbidden", ...loginRefusals),
      },
    },
    (request) => {
      const { account_id: accountId, cursor, limit } = request.query;
      return audit.list({ accountId, cursor, limit });
    },
  );
}
