import { Readable } from "node:stream";
import { accountIdSchema, auditResponseSchema, type AccountId } from "@satchel/protocol";
import { z } from "zod";
import { auditActions, type AuditAction } from "../../../features/audit/audit-action.ts";
import { maxAuditPage } from "../../../features/audit/audit.ts";
import { answers, loginRefusals, rawAnswers } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["audit"];
const pageSchema = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(maxAuditPage).optional(),
});
const actions = Object.keys(auditActions) as [AuditAction, ...AuditAction[]];
const filterSchema = z.object({ account_id: accountIdSchema.optional(), action: z.enum(actions).optional() });

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
        querystring: pageSchema.extend(filterSchema.shape),
        response: answers(auditResponseSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    (request) => {
      const { account_id: accountId, action, cursor, limit } = request.query;
      return audit.list({ accountId, action, cursor, limit });
    },
  );
  app.get(
    "/v1/admin/audit/export",
    {
      config: { access: "account", right: "server.manage" },
      schema: {
        tags,
        summary: "The same, all of it, a record to a line; for administrators",
        querystring: filterSchema,
        response: rawAnswers("application/jsonl", z.string(), "not_found", "forbidden", ...loginRefusals),
      },
    },
    (request, reply) => {
      const { account_id: accountId, action } = request.query;
      reply.headers({
        "content-type": "application/jsonl; charset=utf-8",
        "content-disposition": 'attachment; filename="satchel-audit.jsonl"',
      });
      return reply.send(Readable.from(exportLines(audit, { accountId, action })));
    },
  );
}

/** Every record that the filter lets through, a page in memory at a time. */
async function* exportLines(
  audit: RouteContext["core"]["audit"],
  filter: { readonly accountId: AccountId | undefined; readonly action: AuditAction | undefined },
): AsyncGenerator<string> {
  for (let cursor: string | undefined; ;) {
    const page = await audit.list({ ...filter, cursor, limit: undefined });
    yield page.records.map((record) => `${JSON.stringify(record)}\n`).join("");
    if (page.cursor === null) return;
    ({ cursor } = page);
  }
}
