import {
  joinCodeResponseSchema,
  joinRequestSchema,
  loginRequestSchema,
  loginResponseSchema,
  refreshRequestSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["auth"];
const doneSchema = z.object({ success: z.literal(true) }).meta({ id: "Done" });

export function authRoutes(app: App, { core }: RouteContext): void {
  const { signIn } = core;
  app.post(
    "/v1/auth/login",
    {
      config: { access: "public", signsIn: true },
      schema: {
        tags,
        summary: "Signs a device in by password",
        body: loginRequestSchema,
        response: answers(loginResponseSchema, "wrong_credentials", "second_factor_required"),
      },
    },
    ({ body: { user, password, otp, device_name: deviceName } }) => signIn.login({ user, password, otp, deviceName }),
  );
  app.post(
    "/v1/auth/join",
    {
      config: { access: "public", signsIn: true },
      schema: {
        tags,
        summary: "Signs a device in by a join code's secret",
        body: joinRequestSchema,
        response: answers(loginResponseSchema, "wrong_credentials"),
      },
    },
    ({ body }) => signIn.join({ secret: body.secret, deviceName: body.device_name }),
  );
  app.post(
    "/v1/auth/refresh",
    {
      config: { access: "public" },
      schema: {
        tags,
        summary: "Exchanges a refresh token for new tokens",
        body: refreshRequestSchema,
        response: answers(loginResponseSchema, "wrong_credentials", "token_expired", "login_revoked"),
      },
    },
    ({ body }) => signIn.refresh(body.refresh_token),
  );
  deviceRoutes(app, core);
}

/** What a device that is signed in does about logins. */
function deviceRoutes(app: App, { signIn, devices }: RouteContext["core"]): void {
  app.post(
    "/v1/auth/logout",
    {
      config: { access: "account", right: "account.read" },
      schema: { tags, summary: "Revokes this device's login", response: answers(doneSchema, ...loginRefusals) },
    },
    async (request) => {
      const principal = callerOf(request);
      await devices.revoke(principal, principal.deviceId);
      return { success: true as const };
    },
  );
  app.post(
    "/v1/auth/join_codes",
    {
      config: { access: "account", right: "account.manage" },
      schema: {
        tags,
        summary: "Makes a one-time secret for another device",
        response: answers(joinCodeResponseSchema, ...loginRefusals),
      },
    },
    (request) => signIn.createJoinCode(callerOf(request).accountId),
  );
  app.post(
    "/v1/auth/device",
    {
      config: { access: "account", right: "device.sign_in" },
      schema: {
        tags,
        summary: "Makes a device of a login that the command line got through a browser",
        response: answers(loginResponseSchema, "forbidden", ...loginRefusals),
      },
    },
    (request) => signIn.adopt(callerOf(request)),
  );
}
