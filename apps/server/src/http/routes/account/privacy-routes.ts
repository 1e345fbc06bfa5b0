import { accountDeletionRequestSchema, accountDeletionResponseSchema } from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals, rawAnswers } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";
import { sendExport } from "../../answers/send-export.ts";

const tags = ["account"];
const path = "/v1/account/deletion";

/** Everything about an account: to take along, and to have erased. */
export function privacyRoutes(app: App, context: RouteContext): void {
  exportRoute(app, context);
  deletionRoutes(app, context);
}

function exportRoute(app: App, { core: { exportAccount, audit } }: RouteContext): void {
  app.get(
    "/v1/account/export",
    {
      config: { access: "account", right: "account.manage" },
      schema: {
        tags,
        summary: "Everything about the account, as a tar archive",
        response: rawAnswers("application/x-tar", z.string().meta({ format: "binary" }), "forbidden", ...loginRefusals),
      },
    },
    async (request, reply) => {
      const { accountId, deviceId } = callerOf(request);
      await audit.record({ action: "data_exported", accountId, deviceId });
      return sendExport(reply, exportAccount(accountId));
    },
  );
}

function deletionRoutes(app: App, { core: { deletions, people } }: RouteContext): void {
  app.get(
    path,
    {
      config: { access: "account", right: "account.read" },
      schema: {
        tags,
        summary: "When the account will be erased",
        response: answers(accountDeletionResponseSchema, ...loginRefusals),
      },
    },
    async (request) => ({ due: (await deletions.find(callerOf(request).accountId))?.due ?? null }),
  );
  app.post(
    path,
    {
      config: { access: "account", right: "account.manage" },
      schema: {
        tags,
        summary: "Has the account erased after a time of grace",
        body: accountDeletionRequestSchema,
        response: answers(
          accountDeletionResponseSchema,
          "wrong_credentials",
          "second_factor_required",
          "forbidden",
          ...loginRefusals,
        ),
      },
    },
    async (request) => {
      const { accountId, userName } = callerOf(request);
      const { password, otp } = request.body;
      // Who has only a token can't have the account erased.
      await people.proof.prove({ user: userName, password });
      await people.factors.requireCode(accountId, otp);
      return deletions.request(accountId, accountId);
    },
  );
  app.delete(
    path,
    {
      config: { access: "account", right: "account.manage" },
      schema: {
        tags,
        summary: "Keeps the account after all",
        response: answers(accountDeletionResponseSchema, "forbidden", ...loginRefusals),
      },
    },
    async (request) => {
      const { accountId } = callerOf(request);
      await deletions.cancel(accountId, accountId);
      return { due: null };
    },
  );
}
