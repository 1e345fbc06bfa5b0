import { ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OpenLink } from "../../../features/links/link-visits.ts";
import { readCookie } from "../cookies.ts";
import type { PageContext } from "../page-context.ts";
import { visitOf } from "../visit.ts";

/** The link that the address names, as far as this browser may see it. @throws not_found */
export function openLink(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<OpenLink | "locked"> {
  const { cookiesAt } = visitOf(request.raw, context.publicUrl);
  unseen(reply);
  return context.core.linkVisits.open(tokenOf(request), readCookie(request.headers, "link", cookiesAt));
}

export function tokenOf(request: FastifyRequest): string {
  return (request.params as { token: string }).token;
}

/** Nobody is to find it but who was given the address. */
export function unseen(reply: FastifyReply): void {
  reply.headers({ "x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer" });
}

/** Answers a script, which needs no page. @throws forbidden for whoever hasn't given the password */
export function requireUnlocked(open: OpenLink | "locked"): OpenLink {
  if (open === "locked") throw new ProblemError("forbidden", "this link asks for a password");
  return open;
}
