import { browserName } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import {
  browserSessionMs,
  knownBrowserMs,
  type ProofMethod,
  type SignedIn,
} from "../../features/identity/browser/browser-sessions.ts";
import type { PageContext } from "./page-context.ts";
import { readCookie, writeCookie } from "./cookies.ts";
import { localPath, visitOf } from "./visit.ts";

/** An account, as whoever signs in to it. */
export type Person = SignedIn["account"];

/** Where people go who were on their way nowhere: to their files, where the server has the web app. */
export function homeOf({ webRoot }: Pick<PageContext, "webRoot">): string {
  return webRoot === undefined ? "/account" : "/files";
}

/** Who is signed in on our pages in this browser. */
export async function findSignedIn(
  { core, publicUrl }: PageContext,
  request: FastifyRequest["raw"],
): Promise<SignedIn | undefined> {
  const { cookiesAt } = visitOf(request, publicUrl);
  return await core.people.sessions.find(readCookie(request.headers, "session", cookiesAt));
}

/** The person has proved who they are. Answers where they go on. */
export async function signInHere(
  context: PageContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  proof: { readonly account: Person; readonly methods: readonly ProofMethod[]; readonly next: string | undefined },
): Promise<string> {
  const { sessions } = context.core.people;
  const { account, methods, next } = proof;
  const { cookiesAt } = visitOf(request.raw, context.publicUrl);
  const present = await findSignedIn(context, request.raw);
  if (present?.account.id === account.id) {
    await sessions.provedAgain(present.session, methods);
  } else {
    if (present) await sessions.end(present.session);
    // A new token, whatever the browser had before: nobody can have planted it.
    const token = await sessions.start(account.id, methods, browserName(request.headers["user-agent"] ?? ""));
    reply.header("set-cookie", writeCookie("session", token, { maxAgeMs: browserSessionMs, ...cookiesAt }));
    const detail = { method: methods.join(" "), device: "browser" };
    await context.core.audit.record({ action: "sign_in", accountId: account.id, detail });
  }
  const mark = sessions.knownMark(account.id);
  reply.header("set-cookie", writeCookie("known", mark, { maxAgeMs: knownBrowserMs, ...cookiesAt }));
  return localPath(next) ?? homeOf(context);
}

/** Sends a browser to prove who uses it; afterwards it comes back to `next`. */
export function askToSignIn(reply: FastifyReply, next: string, again = false): FastifyReply {
  return reply.redirect(`/sign-in?${again ? "again=1&" : ""}next=${encodeURIComponent(next)}`, 303);
}
