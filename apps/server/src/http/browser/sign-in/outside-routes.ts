import { ProblemError } from "@satchel/protocol";
import { messageView } from "../../pages/views/sign-up-view.ts";
import type { App } from "../../route-context.ts";
import { readCookie, writeCookie } from "../cookies.ts";
import type { PageContext } from "../page-context.ts";
import { queryOf } from "../page-scope.ts";
import { afterFirstStep } from "./sign-in-routes.ts";
import { askToSignIn, findSignedIn } from "../signed-in.ts";
import { localPath, sendPage, visitOf } from "../visit.ts";

const page = { config: { access: "page" }, schema: { hide: true } } as const;
const callbackPath = "/sign-in/outside/done";
const cookieMs = 10 * 60_000;

/** Signing in with another provider, and linking an identity there to the account. */
export function outsideRoutes(app: App, context: PageContext): void {
  const { outside } = context;
  if (!outside) return;
  app.get("/sign-in/outside", page, async (request, reply) => {
    const visit = visitOf(request.raw, context.publicUrl);
    const wantsLink = queryOf(request, "link") === "1";
    const signedIn = wantsLink ? await findSignedIn(context, request.raw) : undefined;
    if (wantsLink && (!signedIn || !context.core.people.sessions.isFresh(signedIn.session)))
      return askToSignIn(reply, "/account", true);
    const { address, state } = await outside.begin({
      redirectUri: visit.baseUrl + callbackPath,
      next: localPath(queryOf(request, "next")),
      linkTo: signedIn?.account.id ?? null,
    });
    reply.header("set-cookie", writeCookie("outside", state, { maxAgeMs: cookieMs, ...visit.cookiesAt }));
    return reply.redirect(address, 303);
  });
  app.get(callbackPath, page, async (request, reply) => {
    const { reader, cookiesAt, baseUrl } = visitOf(request.raw, context.publicUrl);
    const state = readCookie(request.headers, "outside", cookiesAt);
    reply.header("set-cookie", writeCookie("outside", "", { maxAgeMs: 0, ...cookiesAt }));
    const { identity, linkTo, next } = await outside.finish(new URL(baseUrl + request.url), state);
    if (linkTo !== null) {
      const signedIn = await findSignedIn(context, request.raw);
      if (signedIn?.account.id !== linkTo) return askToSignIn(reply, "/account");
      await outside.link(linkTo, identity);
      await context.core.people.notices.wayInChanged(signedIn.account, "linked", reader.language);
      return reply.redirect("/account", 303);
    }
    const accountId = await outside.findAccount(identity);
    if (accountId === undefined) {
      const { outsideUnknown: title, outsideUnknownText, signIn: label } = reader.texts;
      const link = { href: "/sign-in", label };
      return sendPage(reply, messageView(reader, { title, text: outsideUnknownText(outside.name), status: 404, link }));
    }
    const account = await context.core.people.findAccount(accountId);
    if (!account) throw new ProblemError("wrong_credentials");
    const first = { accountId, methods: ["outside"] as const, ...(next !== undefined && { next }) };
    return await afterFirstStep(context, { request, reply }, account, first);
  });
}
