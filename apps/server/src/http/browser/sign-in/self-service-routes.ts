import { ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import {
  confirmLinkView,
  forgotView,
  messageView,
  newPasswordView,
  signUpView,
} from "../../pages/views/sign-up-view.ts";
import type { App } from "../../route-context.ts";
import type { PageContext } from "../page-context.ts";
import { formOf, queryOf } from "../page-scope.ts";
import { signInHere } from "../signed-in.ts";
import { sendPage, visitOf, type Visit } from "../visit.ts";

const page = { config: { access: "page" }, schema: { hide: true } } as const;
/** What may be tried a few times only from one address. */
const attempt = { config: { access: "page", signsIn: true }, schema: { hide: true } } as const;

/** Making an account, confirming addresses, resetting passwords. */
export function selfServiceRoutes(app: App, context: PageContext): void {
  signUpRoutes(app, context);
  const { passwords, emails } = context.core.people;
  app.get("/reset", page, async (request, reply) => {
    const { reader } = visitOf(request.raw, context.publicUrl);
    const secret = queryOf(request, "secret");
    if (secret === undefined) return sendPage(reply, forgotView(reader));
    const account = await passwords.findReset(secret);
    if (!account) return linkInvalid(context, request, reply);
    const view = { action: "/reset/password", secret, user: account.name, problem: undefined };
    return sendPage(reply, newPasswordView(reader, view));
  });
  app.post("/reset", attempt, async (request, reply) => {
    const { reader, links } = visitOf(request.raw, context.publicUrl);
    await passwords.forgot(formOf(request)["user"] ?? "", links);
    return sendPage(reply, messageView(reader, { title: reader.texts.checkMail, text: reader.texts.resetSent }));
  });
  app.post("/reset/password", attempt, async (request, reply) => {
    const { reader } = visitOf(request.raw, context.publicUrl);
    const { texts } = reader;
    const { secret = "", password = "" } = formOf(request);
    const user = (await passwords.findReset(secret))?.name ?? "";
    const done = await passwords.reset(secret, password, reader.language);
    if ("account" in done) {
      const link = { href: "/sign-in", label: texts.signIn };
      return sendPage(reply, messageView(reader, { title: texts.resetDone, text: texts.resetDoneText, link }));
    }
    if (done.problem === "link_invalid") return linkInvalid(context, request, reply);
    return sendPage(reply, newPasswordView(reader, { action: "/reset/password", secret, user, problem: done.problem }));
  });
  app.get("/confirm-email", page, (request, reply) => showConfirm(context, request, reply));
  app.post("/confirm-email", page, async (request, reply) => {
    const { reader } = visitOf(request.raw, context.publicUrl);
    const secret = formOf(request)["secret"] ?? "";
    const account = await orTaken(() => emails.confirmEmail(secret, reader.language));
    if (account === "taken") return takenMeanwhile(context, request, reply);
    if (!account) return linkInvalid(context, request, reply);
    const { emailConfirmed: title, emailConfirmedText: text, account: label } = reader.texts;
    return sendPage(reply, messageView(reader, { title, text, link: { href: "/account", label } }));
  });
}

function signUpRoutes(app: App, context: PageContext): void {
  const { signUp } = context.core.people;
  app.get("/sign-up", page, async (request, reply) => {
    const { reader } = visitOf(request.raw, context.publicUrl);
    const invitation = queryOf(request, "secret");
    if (!(await signUp.isOpenTo(invitation))) return notOpen(context, request, reply);
    return sendPage(reply, signUpView(reader, { name: undefined, email: undefined, invitation, problem: undefined }));
  });
  app.post("/sign-up", attempt, async (request, reply) => {
    const { reader, links } = visitOf(request.raw, context.publicUrl);
    const { name = "", email = "", password = "", invitation } = formOf(request);
    if (!(await signUp.isOpenTo(invitation))) return notOpen(context, request, reply);
    const begun = await orTaken(() => signUp.begin({ name, email, password, invitation }, links));
    const problem = begun === "taken" ? "name_taken" : "problem" in begun ? begun.problem : undefined;
    if (problem) return sendPage(reply, signUpView(reader, { name, email, invitation, problem }));
    if (begun !== "taken" && "accountId" in begun && begun.accountId !== undefined)
      return await enter(context, { request, reply }, begun.accountId);
    const { checkMail: title, checkMailText } = reader.texts;
    return sendPage(reply, messageView(reader, { title, text: checkMailText(email) }));
  });
  app.get("/confirm", page, (request, reply) => showConfirm(context, request, reply));
  app.post("/confirm", page, async (request, reply) => {
    const accountId = await orTaken(() => signUp.confirm(formOf(request)["secret"] ?? ""));
    if (accountId === "taken") return takenMeanwhile(context, request, reply);
    if (accountId === undefined) return linkInvalid(context, request, reply);
    return await enter(context, { request, reply }, accountId);
  });
}

/** Whoever has just made an account is signed in to it. */
async function enter(
  context: PageContext,
  exchange: { request: FastifyRequest; reply: FastifyReply },
  accountId: NonNullable<Awaited<ReturnType<PageContext["core"]["people"]["signUp"]["confirm"]>>>,
): Promise<FastifyReply> {
  const account = await context.core.people.findAccount(accountId);
  if (!account) throw new ProblemError("not_found");
  const location = await signInHere(context, exchange, { account, methods: ["pwd"], next: undefined });
  return exchange.reply.redirect(location, 303);
}

async function orTaken<T>(work: () => Promise<T>): Promise<T | "taken"> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError && error.code === "account_exists") return "taken";
    throw error;
  }
}

/** A mail program that opens links by itself does nothing by it: a person presses the button. */
function showConfirm(context: PageContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { reader } = visitOf(request.raw, context.publicUrl);
  const [action = ""] = request.url.split("?");
  return sendPage(reply, confirmLinkView(reader, { action, secret: queryOf(request, "secret") ?? "" }));
}

function linkInvalid(context: PageContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { reader } = visitOf(request.raw, context.publicUrl);
  const { linkInvalid: title, linkInvalidText: text, signIn: label } = reader.texts;
  return sendPage(reply, messageView(reader, { title, text, status: 410, link: { href: "/sign-in", label } }));
}

function takenMeanwhile(context: PageContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { reader }: Visit = visitOf(request.raw, context.publicUrl);
  const { linkInvalid: title, problems, signUp: label } = reader.texts;
  const link = { href: "/sign-up", label };
  return sendPage(reply, messageView(reader, { title, text: problems.taken_meanwhile, status: 409, link }));
}

function notOpen(context: PageContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { reader } = visitOf(request.raw, context.publicUrl);
  const { signUpClosed: title, signUpClosedText: text, signIn: label } = reader.texts;
  return sendPage(reply, messageView(reader, { title, text, status: 403, link: { href: "/sign-in", label } }));
}
