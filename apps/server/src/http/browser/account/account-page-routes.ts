import type { DeviceId } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SignedIn } from "../../../features/identity/browser/browser-sessions.ts";
import { accountView } from "../../pages/views/account-view.ts";
import { changeEmailView, removePasswordView } from "../../pages/views/factor-view.ts";
import { messageView, newPasswordView } from "../../pages/views/sign-up-view.ts";
import type { FormProblem } from "../../pages/texts/en.ts";
import type { App } from "../../route-context.ts";
import type { PageContext } from "../page-context.ts";
import { formOf } from "../page-scope.ts";
import { setUpPage } from "../set-up-routes.ts";
import { askToSignIn, findSignedIn, homeOf } from "../signed-in.ts";
import { sendExport } from "../../answers/send-export.ts";
import { sendPage, visitOf, type Visit } from "../visit.ts";

/** A request on the account's own pages, of somebody who is signed in. */
export interface OwnVisit extends Visit, SignedIn {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Handle = (visit: OwnVisit) => Promise<unknown>;

const page = { config: { access: "page" }, schema: { hide: true } } as const;
const sensitive = { sensitive: true };

/** Runs `handle` for whoever is signed in; with `sensitive`, only if they have proved lately who they are. Others are sent to do so first. */
export function ownPage(context: PageContext, { sensitive }: { sensitive: boolean }, handle: Handle) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const signedIn = await findSignedIn(context, request.raw);
    // A form is not sent again by itself: they come back to the page that it is on.
    const back = request.method === "GET" ? request.url : "/account";
    if (!signedIn) return askToSignIn(reply, back);
    if (sensitive && !context.core.people.sessions.isFresh(signedIn.session)) return askToSignIn(reply, back, true);
    return await handle({ ...visitOf(request.raw, context.publicUrl), ...signedIn, request, reply });
  };
}

/** The account's page: what it is entered by, and what is signed in to it. */
export function accountPageRoutes(app: App, context: PageContext): void {
  const { core } = context;
  const { sessions } = core.people;
  const plain = { sensitive: false };

  app.get("/", page, async (_request, reply) => {
    const isNew = await core.people.firstRun.isOpen();
    return await reply.redirect(isNew ? setUpPage : homeOf(context), 303);
  });
  app.get(
    "/account",
    page,
    ownPage(context, plain, (visit) => showAccount(context, visit, undefined)),
  );
  app.post(
    "/account/devices/remove",
    page,
    ownPage(context, plain, async (visit) => {
      const asker = { accountId: visit.account.id, deviceId: null };
      await core.devices.revoke(asker, (formOf(visit.request)["id"] ?? "") as DeviceId);
      return await home(visit);
    }),
  );
  app.post(
    "/account/browsers/remove",
    page,
    ownPage(context, plain, async (visit) => {
      await sessions.end({ accountId: visit.account.id, sessionHash: formOf(visit.request)["id"] ?? "" });
      return await home(visit);
    }),
  );
  // For a browser, which can send no token with a download. What it holds is sensitive.
  app.get(
    "/account/export",
    page,
    ownPage(context, sensitive, async ({ account, reply }) => {
      await core.audit.record({ action: "data_exported", accountId: account.id });
      return sendExport(reply, core.exportAccount(account.id));
    }),
  );
  passwordRoutes(app, context);
  emailRoutes(app, context);
}

function passwordRoutes(app: App, context: PageContext): void {
  const { passwords, factors } = context.core.people;
  const showPassword = async ({ reader, reply, account }: OwnVisit, problem: FormProblem | undefined) =>
    sendPage(reply, newPasswordView(reader, { action: "/account/password", user: account.name, problem }));
  app.get(
    "/account/password",
    page,
    ownPage(context, sensitive, (visit) => showPassword(visit, undefined)),
  );
  app.post(
    "/account/password",
    page,
    ownPage(context, sensitive, async (visit) => {
      const problem = await passwords.changePassword(changeOf(visit), formOf(visit.request)["password"] ?? "");
      return problem ? await showPassword(visit, problem) : await security(context, visit);
    }),
  );
  app.get(
    "/account/password/remove",
    page,
    ownPage(context, sensitive, async ({ reader, reply }) => sendPage(reply, removePasswordView(reader, undefined))),
  );
  app.post(
    "/account/password/remove",
    page,
    ownPage(context, sensitive, async (visit) => {
      const { passkeys } = await factors.of(visit.account.id);
      if (passkeys === 0) return sendPage(visit.reply, removePasswordView(visit.reader, "last_way_in"));
      await passwords.removePassword(changeOf(visit));
      return await security(context, visit);
    }),
  );
}

function emailRoutes(app: App, context: PageContext): void {
  const { emails } = context.core.people;
  const showEmail = async ({ reader, reply, account }: OwnVisit, problem: FormProblem | undefined) =>
    sendPage(reply, changeEmailView(reader, { email: account.email, problem }));
  app.get(
    "/account/email",
    page,
    ownPage(context, sensitive, (visit) => showEmail(visit, undefined)),
  );
  app.post(
    "/account/email",
    page,
    ownPage(context, sensitive, async (visit) => {
      const { reader, reply } = visit;
      const email = formOf(visit.request)["email"] ?? "";
      const problem = await emails.changeEmail(changeOf(visit), email, visit.links);
      if (problem) return await showEmail(visit, problem);
      const link = { href: securityPage(context), label: reader.texts.back };
      return sendPage(
        reply,
        messageView(reader, { title: reader.texts.checkMail, text: reader.texts.checkMailText(email), link }),
      );
    }),
  );
}

async function home({ reply }: OwnVisit): Promise<FastifyReply> {
  return reply.redirect("/account", 303);
}

/** Where a password and an address are shown. */
function securityPage({ webRoot }: PageContext): string {
  return webRoot === undefined ? "/account" : "/settings/security";
}

async function security(context: PageContext, { reply }: OwnVisit): Promise<FastifyReply> {
  return reply.redirect(securityPage(context), 303);
}

function changeOf({ account, session, reader }: OwnVisit) {
  return { account, keepSession: session.sessionHash, language: reader.language };
}

/** The account's page, with what went wrong with what was asked there. */
export async function showAccount(
  context: PageContext,
  visit: OwnVisit,
  problem: FormProblem | undefined,
): Promise<FastifyReply> {
  const { account, session, reader, reply } = visit;
  const overview = await context.core.people.overview(account);
  const settings = context.webRoot === undefined ? undefined : securityPage(context);
  const view = {
    ...overview,
    currentSession: session.sessionHash,
    outside: context.outside?.name,
    settings,
    problem,
  };
  return sendPage(reply, accountView(reader, view));
}
