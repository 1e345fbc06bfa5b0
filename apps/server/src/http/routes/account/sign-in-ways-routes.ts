import {
  browserIdSchema,
  browsersResponseSchema,
  formatTimestamp,
  ProblemError,
  signInWaysSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["account"];

/** By what the account is entered, and which browsers are in it. */
export function signInWaysRoutes(app: App, { core: { audit, people } }: RouteContext): void {
  app.get(
    "/v1/account/sign_in",
    {
      config: { access: "account", right: "account.read" },
      schema: {
        tags,
        summary: "By what the account is entered: password, second factors, passkeys, linked accounts",
        response: answers(signInWaysSchema, ...loginRefusals),
      },
    },
    async (request) => {
      const account = await people.findAccount(callerOf(request).accountId);
      if (!account) throw new ProblemError("login_revoked");
      const { factors, passkeys, linked } = await people.overview(account);
      return {
        email: account.email,
        email_confirmed: account.emailConfirmed,
        has_password: account.passwordHash !== "",
        authenticator_app: factors.totp,
        recovery_codes_left: factors.recoveryCodes,
        passkeys: passkeys.map(({ name, createdAtMs, lastUsedAtMs }) => ({
          name,
          created: formatTimestamp(createdAtMs),
          last_used: lastUsedAtMs === null ? null : formatTimestamp(lastUsedAtMs),
        })),
        linked: linked.map(({ label, issuer }) => ({ label, issuer })),
      };
    },
  );
  app.get(
    "/v1/browsers",
    {
      config: { access: "account", right: "account.read" },
      schema: {
        tags,
        summary: "Browsers that are signed in on the server's own pages",
        response: answers(browsersResponseSchema, ...loginRefusals),
      },
    },
    async (request) => ({
      browsers: (await people.sessions.list(callerOf(request).accountId)).map((session) => ({
        browser_id: session.sessionHash,
        name: session.browser,
        created: formatTimestamp(session.createdAtMs),
        last_seen: formatTimestamp(session.lastSeenAtMs),
      })),
    }),
  );
  app.delete(
    "/v1/browsers/:browser_id",
    {
      config: { access: "account", right: "account.manage" },
      schema: {
        tags,
        summary: "Signs a browser out of the server's own pages",
        params: z.object({ browser_id: browserIdSchema }),
        response: answers(z.object({ success: z.literal(true) }), ...loginRefusals),
      },
    },
    async (request) => {
      const { accountId, deviceId } = callerOf(request);
      await people.sessions.end({ accountId, sessionHash: request.params.browser_id });
      await audit.record({ action: "sign_out", accountId, deviceId, detail: { device: "browser" } });
      return { success: true as const };
    },
  );
}
