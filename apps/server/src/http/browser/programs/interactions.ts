import type { FastifyReply, FastifyRequest } from "fastify";
import { interactionPath } from "../../../features/oauth/oauth-provider.ts";
import type { Interaction } from "../../../features/oauth/oauth-service.ts";
import type { PageContext } from "../page-context.ts";
import { consentView } from "../../pages/views/program-view.ts";
import type { App } from "../../route-context.ts";
import { formOf } from "../page-scope.ts";
import { askToSignIn, findSignedIn } from "../signed-in.ts";
import { sendPage, visitOf } from "../visit.ts";

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const page = { config: { access: "page" }, schema: { hide: true } } as const;

/** Where a program has begun something that the person has to answer: they sign in, and allow it or not. */
export function interactionRoutes(app: App, context: PageContext): void {
  const path = `${interactionPath}/:uid`;
  app.get(path, page, (request, reply) => goOn(context, { request, reply }));
  app.post(path, page, async (request, reply) => {
    const { oauth } = context;
    const exchange = rawOf({ request, reply });
    const { baseUrl } = visitOf(request.raw, context.publicUrl);
    const interaction = await oauth.find(exchange, baseUrl);
    const signedIn = await findSignedIn(context, request.raw);
    if (!signedIn || interaction.accountId !== signedIn.account.id) return askToSignIn(reply, request.url);
    const isAllowed = interaction.needs === "consent" && formOf(request)["answer"] === "allow";
    const location = isAllowed ? await oauth.allow(exchange, baseUrl, signedIn) : await oauth.deny(exchange, baseUrl);
    return reply.redirect(location, 303);
  });
}

async function goOn(context: PageContext, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const { oauth } = context;
  const { baseUrl, reader } = visitOf(request.raw, context.publicUrl);
  const interaction = await oauth.find(rawOf(exchange), baseUrl);
  const signedIn = await findSignedIn(context, request.raw);
  if (!signedIn) return askToSignIn(reply, request.url);
  if (signedIn.session.authenticatedAtMs < interaction.provedAfterMs) return askToSignIn(reply, request.url, true);
  if (interaction.needs === "sign_in")
    return reply.redirect(await oauth.signedIn(rawOf(exchange), baseUrl, signedIn.session), 303);
  if (interaction.accountId !== signedIn.account.id) return askToSignIn(reply, request.url, true);
  if (interaction.client.isOwn) return reply.redirect(await oauth.allow(rawOf(exchange), baseUrl, signedIn), 303);
  const { client, scopes, redirectUri: redirect } = interaction;
  const formTargets = targetsOf(interaction);
  const user = signedIn.account.name;
  return sendPage(
    reply,
    consentView(reader, { action: request.url, client: client.name, user, scopes, redirect, formTargets }),
  );
}

/** The program that waits behind `next`, for people to read. */
export async function waitingClient(
  context: PageContext,
  exchange: Exchange,
  next: string | undefined,
): Promise<string | undefined> {
  const interaction = await findBehind(context, exchange, next);
  return interaction?.client.isOwn === true ? undefined : interaction?.client.name;
}

/** Where forms may lead by redirects: browsers hold each of them against the page's policy, so the program's own address has to be in it. */
export async function formTargetsOf(
  context: PageContext,
  exchange: Exchange,
  next: string | undefined,
): Promise<string[]> {
  const interaction = await findBehind(context, exchange, next);
  return interaction ? targetsOf(interaction) : [];
}

async function findBehind(
  context: PageContext,
  exchange: Exchange,
  next: string | undefined,
): Promise<Interaction | undefined> {
  if (next?.startsWith(`${interactionPath}/`) !== true) return undefined;
  const uid = next.slice(interactionPath.length + 1);
  return await context.oauth.peek(uid, visitOf(exchange.request.raw, context.publicUrl).baseUrl);
}

function targetsOf({ redirectUri }: Interaction): string[] {
  if (redirectUri === undefined || !URL.canParse(redirectUri)) return [];
  const { protocol, origin } = new URL(redirectUri);
  return [origin === "null" ? protocol : origin];
}

function rawOf({ request, reply }: Exchange) {
  return { request: request.raw, response: reply.raw };
}
