import {
  accountIdSchema,
  adminAccountChangeSchema,
  adminAccountSchema,
  adminAccountsResponseSchema,
  adminLinkSchema,
  accountInvitationIdSchema,
  accountInvitationRequestSchema,
  accountInvitationsResponseSchema,
  resetSignInRequestSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { maxAccountsPage } from "../../../features/administration/administration.ts";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import { visitOf } from "../../browser/visit.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["admin"];
const config = { access: "account", right: "server.manage" } as const;
const params = z.object({ account_id: accountIdSchema });

/** Others' accounts, and invitations to new ones; for administrators. */
export function adminAccountRoutes(app: App, context: RouteContext): void {
  const { administration } = context.core;
  app.get(
    "/v1/admin/accounts",
    {
      config,
      schema: {
        tags,
        summary: "The server's accounts, by name",
        querystring: z.object({
          cursor: z.string().max(64).optional(),
          limit: z.coerce.number().int().min(1).max(maxAccountsPage).optional(),
        }),
        response: answers(adminAccountsResponseSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    ({ query }) => administration.list({ after: query.cursor, limit: query.limit ?? maxAccountsPage }),
  );
  app.post(
    "/v1/admin/accounts/:account_id",
    {
      config,
      schema: {
        tags,
        summary: "Disables or enables an account, and sets its limit of storage",
        params,
        body: adminAccountChangeSchema,
        response: answers(adminAccountSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    (request) => {
      const { disabled, quota_bytes: quotaBytes } = request.body;
      return administration.change(callerOf(request), request.params.account_id, { disabled, quotaBytes });
    },
  );
  app.post(
    "/v1/admin/accounts/:account_id/reset_sign_in",
    {
      config,
      schema: {
        tags,
        summary: "Makes a link by which a person chooses a new password",
        params,
        body: resetSignInRequestSchema,
        response: answers(adminLinkSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    async (request) => {
      const { links } = visitOf(request.raw, context.publicUrl);
      const options = { ...links, removeFactors: request.body.remove_factors };
      const link = await administration.resetSignIn(callerOf(request), request.params.account_id, options);
      return { link, mailed: context.mailsOut };
    },
  );
  invitationRoutes(app, context);
}

function invitationRoutes(app: App, context: RouteContext): void {
  const { invitations } = context.core;
  app.get(
    "/v1/admin/invitations",
    {
      config,
      schema: {
        tags,
        summary: "Invitations that nobody has used yet",
        response: answers(accountInvitationsResponseSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    async () => ({ invitations: await invitations.list() }),
  );
  app.post(
    "/v1/admin/invitations",
    {
      config,
      schema: {
        tags,
        summary: "Makes a link that makes one account, within 7 days",
        body: accountInvitationRequestSchema,
        response: answers(adminLinkSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    async (request) => {
      const { email } = request.body;
      const { links } = visitOf(request.raw, context.publicUrl);
      const link = await invitations.make(callerOf(request).accountId, email, links);
      return { link, mailed: context.mailsOut && email !== undefined };
    },
  );
  app.delete(
    "/v1/admin/invitations/:invitation_id",
    {
      config,
      schema: {
        tags,
        summary: "Takes an invitation back",
        params: z.object({ invitation_id: accountInvitationIdSchema }),
        response: answers(z.object({ success: z.literal(true) }), "not_found", "forbidden", ...loginRefusals),
      },
    },
    async (request) => {
      await invitations.takeBack(callerOf(request).accountId, request.params.invitation_id);
      return { success: true as const };
    },
  );
}
