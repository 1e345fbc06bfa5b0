import { entryIdSchema, ProblemError, type EntryId } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { linkPassMs, type OpenLink } from "../../../features/links/link-visits.ts";
import { linkView, lockedLinkView } from "../../pages/views/link-view.ts";
import type { App } from "../../route-context.ts";
import { sendContent } from "../../send-content.ts";
import { readCookie, writeCookie } from "../cookies.ts";
import type { PageContext } from "../page-context.ts";
import { formOf, queryOf } from "../page-scope.ts";
import { sendPage, visitOf } from "../visit.ts";

const page = { config: { access: "page" }, schema: { hide: true } } as const;
const attempt = { config: { access: "page", signsIn: true }, schema: { hide: true } } as const;

/** What a link shows to whoever has it, without an account. */
export function linkPageRoutes(app: App, context: PageContext): void {
  const { linkVisits } = context.core;
  app.get("/s/:token", page, async (request, reply) => {
    const open = await openLink(context, request);
    const { reader } = visitOf(request.raw, context.publicUrl);
    unseen(reply);
    if (open === "locked") return sendPage(reply, lockedLinkView(reader, { token: tokenOf(request), isWrong: false }));
    const { entry, link } = open;
    const view = { token: tokenOf(request), kind: link.kind };
    if (entry.type !== "folder")
      return sendPage(reply, linkView(reader, { ...view, name: entry.name, entries: [entry], next: undefined }));
    const folderId = idOf(queryOf(request, "in"));
    const { name, entries, next } = await linkVisits.list(open, folderId, queryOf(request, "after"));
    const more = next === null ? undefined : { folderId, after: next };
    return sendPage(reply, linkView(reader, { ...view, name, entries, next: more }));
  });
  app.post("/s/:token", attempt, async (request, reply) => {
    const { reader, isSecure } = visitOf(request.raw, context.publicUrl);
    const { password = "" } = formOf(request);
    const pass = await linkVisits.unlock(tokenOf(request), password);
    unseen(reply);
    if (pass === undefined) return sendPage(reply, lockedLinkView(reader, { token: tokenOf(request), isWrong: true }));
    reply.header("set-cookie", writeCookie("link", pass, { maxAgeMs: linkPassMs, isSecure }));
    return reply.redirect(`/s/${tokenOf(request)}`, 303);
  });
  app.get("/s/:token/:file_id", page, async (request, reply) => {
    const open = await openLink(context, request);
    unseen(reply);
    if (open === "locked") return reply.redirect(`/s/${tokenOf(request)}`, 303);
    const fileId = idOf((request.params as { file_id: string }).file_id);
    if (fileId === undefined) throw new ProblemError("not_found");
    const file = await linkVisits.file(open, fileId);
    return sendContent(file, { request, reply, disposition: open.link.kind === "view" ? "inline" : "attachment" });
  });
}

function openLink(context: PageContext, request: FastifyRequest): Promise<OpenLink | "locked"> {
  const { isSecure } = visitOf(request.raw, context.publicUrl);
  return context.core.linkVisits.open(tokenOf(request), readCookie(request.headers, "link", isSecure));
}

function tokenOf(request: FastifyRequest): string {
  return (request.params as { token: string }).token;
}

function idOf(text: string | undefined): EntryId | undefined {
  const parsed = entryIdSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

/** Nobody is to find it but who was given the address. */
function unseen(reply: FastifyReply): void {
  reply.headers({ "x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer" });
}
