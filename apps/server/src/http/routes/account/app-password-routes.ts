import { appPasswordRequestSchema, appPasswordResponseSchema } from "@satchel/protocol";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { readerOf } from "../../pages/reader.ts";
import { callerOf, type App } from "../../route-context.ts";

export function appPasswordRoutes(app: App, { core: { people } }: RouteContext): void {
  app.post(
    "/v1/app_passwords",
    {
      config: { access: "account", right: "account.manage" },
      schema: {
        tags: ["account"],
        summary: "Makes a password for another program, limited to scopes; it is listed and revoked as a device",
        body: appPasswordRequestSchema,
        response: answers(
          appPasswordResponseSchema,
          "wrong_credentials",
          "second_factor_required",
          "forbidden",
          ...loginRefusals,
        ),
      },
    },
    async (request) => {
      const { accountId, userName } = callerOf(request);
      const { name, scopes, password, otp } = request.body;
      await people.proof.prove({ user: userName, password });
      await people.factors.requireCode(accountId, otp);
      const made = await people.appPasswords.create(accountId, { name, scopes });
      const account = await people.findAccount(accountId);
      if (account) await people.notices.wayInChanged(account, "app_password", readerOf(request.headers).language);
      return { device_id: made.deviceId, password: made.password };
    },
  );
}
