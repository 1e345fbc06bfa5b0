import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { ProblemError, type AccountId } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ProofMethod } from "../../../features/identity/browser/browser-sessions.ts";
import type { PageContext } from "../page-context.ts";
import { secondStepView, signInView } from "../../pages/views/sign-in-view.ts";
import type { App } from "../../route-context.ts";
import { readCookie, writeCookie } from "../cookies.ts";
import { formTargetsOf, waitingClient } from "../programs/interactions.ts";
import { formOf, queryOf } from "../page-scope.ts";
import { setUpPage } from "../set-up-routes.ts";
import { findSignedIn, homeOf, signInHere, type Person } from "../signed-in.ts";
import { localPath, sendPage, visitOf } from "../visit.ts";

/** Between password and second step. */
const secondStepMs = 10 * 60_000;
const secondStep = "second step";

/** What the first step hands to the second. */
export interface FirstStep {
  readonly accountId: AccountId;
  readonly methods: readonly ProofMethod[];
  readonly next?: string;
}

const page = { config: { access: "page" }, schema: { hide: true } } as const;
/** What may be tried a few times only from one address. */
const attempt = { config: { access: "page", signsIn: true }, schema: { hide: true } } as const;
const passkeySchema = z.object({
  state: z.string().max(4096).optional(),
  next: z.string().max(500).optional(),
  answer: z.looseObject({ id: z.string().max(2000) }),
});

/** Signing in on our own pages: password and second step, or a passkey alone. */
export function signInRoutes(app: App, context: PageContext): void {
  app.get("/sign-in", page, async (request, reply) => {
    const next = localPath(queryOf(request, "next"));
    if (await context.core.people.firstRun.isOpen()) return await reply.redirect(setUpPage, 303);
    const signedIn = await findSignedIn(context, request.raw);
    const again = queryOf(request, "again") === "1" && signedIn !== undefined;
    if (signedIn && !again) return reply.redirect(next ?? homeOf(context), 303);
    return await showSignIn(
      context,
      { request, reply },
      { next, user: again ? signedIn.account.name : undefined, again },
    );
  });
  app.post("/sign-in", attempt, async (request, reply) => {
    const { user = "", password = "", next: wanted } = formOf(request);
    const next = localPath(wanted);
    try {
      const account = await provePassword(context, request, { user, password });
      const first: FirstStep = { accountId: account.id, methods: ["pwd"], ...(next !== undefined && { next }) };
      return await afterFirstStep(context, { request, reply }, account, first);
    } catch (error) {
      if (!isWrong(error)) throw error;
      return await showSignIn(context, { request, reply }, { next, user, again: false, isWrong: true });
    }
  });
  app.post("/sign-in/second", attempt, (request, reply) => takeSecondStep(context, { request, reply }));
  app.post("/sign-out", page, async (request, reply) => {
    const signedIn = await findSignedIn(context, request.raw);
    if (signedIn) await context.core.people.sessions.end(signedIn.session);
    const { cookiesAt } = visitOf(request.raw, context.publicUrl);
    reply.header("set-cookie", writeCookie("session", "", { maxAgeMs: 0, ...cookiesAt }));
    return reply.redirect("/sign-in", 303);
  });
  passkeyRoutes(app, context);
}

function passkeyRoutes(app: App, context: PageContext): void {
  const { people } = context.core;
  const stepOf = (state: string | undefined): FirstStep | undefined => {
    const first = people.pageState.read<FirstStep>(secondStep, state);
    if (state !== undefined && first === undefined) throw new ProblemError("wrong_credentials");
    return first;
  };
  app.post(
    "/sign-in/passkey/options",
    { ...page, schema: { hide: true, body: passkeySchema.pick({ state: true }) } },
    async (request) => {
      const first = stepOf(request.body.state);
      const { origin } = visitOf(request.raw, context.publicUrl);
      return await people.factors.passkeys.beginSignIn(first?.accountId ?? null, origin);
    },
  );
  app.post("/sign-in/passkey", { ...attempt, schema: { hide: true, body: passkeySchema } }, async (request, reply) => {
    const { state, answer, next } = request.body;
    const first = stepOf(state);
    const { origin } = visitOf(request.raw, context.publicUrl);
    const response = answer as unknown as AuthenticationResponseJSON;
    const accountId = await people.factors.passkeys.verify(first?.accountId ?? null, response, origin);
    const account = await people.findAccount(accountId);
    if (!account) throw new ProblemError("wrong_credentials");
    const methods = [...(first?.methods ?? []), "passkey" as const];
    return { location: await signInHere(context, { request, reply }, { account, methods, next: first?.next ?? next }) };
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A browser that was signed in to the account before is no stranger. */
async function provePassword(
  { core, publicUrl }: PageContext,
  request: FastifyRequest,
  credentials: { user: string; password: string },
): Promise<Person> {
  const mark = readCookie(request.headers, "known", visitOf(request.raw, publicUrl).cookiesAt);
  const isKnown = ({ id }: Person): boolean => core.people.sessions.isKnownMark(id, mark);
  try {
    return await core.people.proof.prove({ ...credentials, isKnown });
  } catch (error) {
    if (isWrong(error)) {
      const account = await core.people.proof.find(credentials.user);
      const detail = { method: "password", device: "browser" };
      await core.audit.record({ action: "sign_in_failed", accountId: account?.id ?? null, actor: null, detail });
    }
    throw error;
  }
}

/** The first step is done: asks for the second one, where the account has it. */
export async function afterFirstStep(
  context: PageContext,
  exchange: Exchange,
  account: Person,
  first: FirstStep,
): Promise<FastifyReply> {
  const { people } = context.core;
  if (await people.factors.isAskedFor(account.id))
    return await showSecondStep(context, exchange, people.pageState.write(secondStep, first, secondStepMs), first);
  const { methods, next } = first;
  return exchange.reply.redirect(await signInHere(context, exchange, { account, methods, next }), 303);
}

async function takeSecondStep(context: PageContext, exchange: Exchange): Promise<FastifyReply> {
  const { people } = context.core;
  const { state, code = "" } = formOf(exchange.request);
  const first = people.pageState.read<FirstStep>(secondStep, state);
  const account = first && (await people.findAccount(first.accountId));
  if (!first || !account || state === undefined) return exchange.reply.redirect("/sign-in", 303);
  try {
    const methods = [...first.methods, await people.factors.verifyCode(account.id, code)];
    const location = await signInHere(context, exchange, { account, methods, next: first.next });
    return await exchange.reply.redirect(location, 303);
  } catch (error) {
    if (!isWrong(error)) throw error;
    const detail = { method: "code", device: "browser" };
    await context.core.audit.record({ action: "sign_in_failed", accountId: account.id, actor: null, detail });
    return await showSecondStep(context, exchange, state, first, true);
  }
}

async function showSecondStep(
  context: PageContext,
  { request, reply }: Exchange,
  state: string,
  first: FirstStep,
  wrong = false,
): Promise<FastifyReply> {
  const { reader } = visitOf(request.raw, context.publicUrl);
  const { totp, passkeys } = await context.core.people.factors.of(first.accountId);
  const formTargets = await formTargetsOf(context, { request, reply }, first.next);
  const problem = wrong ? "wrong_code" : undefined;
  return sendPage(
    reply,
    secondStepView(reader, { state, formTargets, hasCode: totp, hasPasskey: passkeys > 0, problem }),
  );
}

async function showSignIn(
  context: PageContext,
  exchange: Exchange,
  view: { next: string | undefined; user: string | undefined; again: boolean; isWrong?: boolean },
): Promise<FastifyReply> {
  const { reader } = visitOf(exchange.request.raw, context.publicUrl);
  const { next, user, again } = view;
  return sendPage(
    exchange.reply,
    signInView(reader, {
      next,
      user,
      again,
      formTargets: await formTargetsOf(context, exchange, next),
      client: await waitingClient(context, exchange, next),
      problem: view.isWrong ? "wrong_credentials" : undefined,
      outside: context.outside?.name,
      offersSignUp: context.core.people.signUp.policy === "open",
    }),
  );
}

function isWrong(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "wrong_credentials";
}
