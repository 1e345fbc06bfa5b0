import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import { ProblemError } from "@satchel/protocol";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { appPasswordFormView, appPasswordView, recoveryCodesView, totpView } from "../../pages/views/factor-view.ts";
import type { FormProblem } from "../../pages/texts/en.ts";
import type { App } from "../../route-context.ts";
import { ownPage, showAccount, type OwnVisit } from "./account-page-routes.ts";
import type { PageContext } from "../page-context.ts";
import { formOf } from "../page-scope.ts";
import { findSignedIn } from "../signed-in.ts";
import { sendPage, visitOf } from "../visit.ts";

const page = { config: { access: "page" }, schema: { hide: true } } as const;
const sensitive = { sensitive: true };
const issuer = "Satchel";
/** New recovery codes, on their way from a script's request to the page that shows them. */
const newCodes = "recovery codes";
const newCodesMs = 60_000;
const registrationSchema = z.object({
  name: z.string().trim().min(1).max(100),
  answer: z.looseObject({ id: z.string().max(2000) }),
});

/** Adding and removing what an account is entered by. All of it is sensitive. */
export function accountFactorRoutes(app: App, context: PageContext): void {
  totpRoutes(app, context);
  passkeyRoutes(app, context);
  appPasswordRoutes(app, context);
  const { factors, notices } = context.core.people;
  app.post(
    "/account/recovery-codes",
    page,
    ownPage(context, sensitive, async ({ account, reader, reply }) => {
      const codes = await factors.renewRecoveryCodes(account.id);
      await notices.wayInChanged(account, "recovery_codes", reader.language);
      return sendPage(reply, recoveryCodesView(reader, codes));
    }),
  );
  app.post(
    "/account/linked/remove",
    page,
    ownPage(context, sensitive, async (visit) => {
      const { issuer: of = "", subject = "" } = formOf(visit.request);
      const { passkeys } = await factors.of(visit.account.id);
      if (visit.account.passwordHash === "" && passkeys === 0) return await showAccount(context, visit, "last_way_in");
      await context.outside?.unlink(visit.account.id, { issuer: of, subject });
      await notices.wayInChanged(visit.account, "unlinked", visit.reader.language);
      return visit.reply.redirect("/account", 303);
    }),
  );
}

function totpRoutes(app: App, context: PageContext): void {
  const { factors, notices } = context.core.people;
  app.get(
    "/account/app",
    page,
    ownPage(context, sensitive, async ({ account, reader, reply }) => {
      if (await factors.totp.isOn(account.id)) return reply.redirect("/account", 303);
      const begun = (await factors.totp.begun(account, issuer)) ?? (await factors.totp.begin(account, issuer));
      return sendPage(reply, totpView(reader, { ...begun, problem: undefined }));
    }),
  );
  app.post(
    "/account/app",
    page,
    ownPage(context, sensitive, async ({ account, reader, reply, request }) => {
      const begun = await factors.totp.begun(account, issuer);
      if (!begun) return reply.redirect("/account/app", 303);
      const confirmed = await factors.confirmTotp(account.id, formOf(request)["code"] ?? "");
      if (!confirmed) return sendPage(reply, totpView(reader, { ...begun, problem: "wrong_code" }));
      await notices.wayInChanged(account, "app_added", reader.language);
      if (!confirmed.recoveryCodes) return reply.redirect("/account", 303);
      return sendPage(reply, recoveryCodesView(reader, confirmed.recoveryCodes));
    }),
  );
  app.post(
    "/account/app/remove",
    page,
    ownPage(context, sensitive, async ({ account, reader, reply }) => {
      await factors.removeTotp(account.id);
      await notices.wayInChanged(account, "app_removed", reader.language);
      return reply.redirect("/account", 303);
    }),
  );
}

function passkeyRoutes(app: App, context: PageContext): void {
  const { factors, notices, sessions, pageState } = context.core.people;
  const requireFresh = async (request: OwnVisit["request"]) => {
    const signedIn = await findSignedIn(context, request.raw);
    if (!signedIn || !sessions.isFresh(signedIn.session)) throw new ProblemError("unauthenticated");
    return { ...signedIn, ...visitOf(request.raw, context.publicUrl) };
  };
  app.post("/account/passkeys/options", page, async (request) => {
    const { account, origin } = await requireFresh(request);
    return await factors.passkeys.beginRegistration(account, origin);
  });
  app.post("/account/passkeys", { ...page, schema: { hide: true, body: registrationSchema } }, async (request) => {
    const { account, origin, reader } = await requireFresh(request);
    const { name, answer } = request.body;
    const response = answer as unknown as RegistrationResponseJSON;
    const codes = await factors.addPasskey(account.id, response, { origin, name });
    await notices.wayInChanged(account, "passkey_added", reader.language);
    if (!codes) return { location: "/account" };
    const state = pageState.write(newCodes, { accountId: account.id, codes }, newCodesMs);
    return { location: `/account/recovery-codes?state=${encodeURIComponent(state)}` };
  });
  app.get(
    "/account/recovery-codes",
    page,
    ownPage(context, sensitive, async ({ account, reader, reply, request }) => {
      const { state } = request.query as { state?: string };
      const shown = pageState.read<{ accountId: string; codes: string[] }>(newCodes, state);
      if (shown?.accountId !== account.id) return reply.redirect("/account", 303);
      return sendPage(reply, recoveryCodesView(reader, shown.codes));
    }),
  );
  app.post(
    "/account/passkeys/remove",
    page,
    ownPage(context, sensitive, async (visit) => {
      const { account, reader, reply, request } = visit;
      const { passkeys } = await factors.of(account.id);
      if (account.passwordHash === "" && passkeys === 1) return await showAccount(context, visit, "last_way_in");
      await factors.removePasskey(account.id, formOf(request)["id"] ?? "");
      await notices.wayInChanged(account, "passkey_removed", reader.language);
      return reply.redirect("/account", 303);
    }),
  );
}

function appPasswordRoutes(app: App, context: PageContext): void {
  const show = async (
    { reader, reply }: OwnVisit,
    name: string,
    problem: FormProblem | undefined,
  ): Promise<FastifyReply> => sendPage(reply, appPasswordFormView(reader, { name, problem }));
  app.get(
    "/account/app-passwords",
    page,
    ownPage(context, sensitive, (visit) => show(visit, "", undefined)),
  );
  app.post(
    "/account/app-passwords",
    page,
    ownPage(context, sensitive, async (visit) => {
      const { account, reader, reply, request } = visit;
      const { name = "", scope } = formOf(request);
      if (name.trim() === "") return await show(visit, name, "name_missing");
      const scopes = [scope === "files.write" ? ("files.write" as const) : ("files.read" as const)];
      const { password } = await context.core.people.appPasswords.create(account.id, {
        name: name.slice(0, 100),
        scopes,
      });
      await context.core.people.notices.wayInChanged(account, "app_password", reader.language);
      return sendPage(reply, appPasswordView(reader, { password, user: account.name }));
    }),
  );
}
