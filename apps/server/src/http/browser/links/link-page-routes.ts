import { ProblemError, type EntryState } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { inlineTypeOf } from "../../../features/files/inline-type.ts";
import { isPictured, isShown } from "../../../features/links/link-looks.ts";
import { linkPassMs, type OpenLink } from "../../../features/links/link-visits.ts";
import { largePreview } from "../../../features/previews/preview-size.ts";
import { contentDisposition } from "../../answers/content-disposition.ts";
import { linkFileView, type ShownType } from "../../pages/views/link-file-view.ts";
import { linkUploadView } from "../../pages/views/link-upload-view.ts";
import { linkView, lockedLinkView } from "../../pages/views/link-view.ts";
import type { App } from "../../route-context.ts";
import { sendContent } from "../../answers/send-content.ts";
import { writeCookie } from "../cookies.ts";
import type { PageContext } from "../page-context.ts";
import { formOf, queryOf } from "../page-scope.ts";
import { sendPage, visitOf } from "../visit.ts";
import { idOf, requireFileId } from "./file-of-link.ts";
import { linkPictureRoute } from "./link-picture-route.ts";
import { linkUploadRoute } from "./link-upload-route.ts";
import { openLink, tokenOf, unseen } from "./open-link.ts";

const page = { config: { access: "page" }, schema: { hide: true } } as const;
const archive = { config: { access: "page", priority: "extra" }, schema: { hide: true } } as const;
const attempt = { config: { access: "page", signsIn: true }, schema: { hide: true } } as const;

/** What a link shows to whoever has it, without an account. */
export function linkPageRoutes(app: App, context: PageContext): void {
  const { linkVisits } = context.core;
  app.get("/s/:token", page, async (request, reply) => {
    const open = await openLink(context, request, reply);
    const { reader } = visitOf(request.raw, context.publicUrl);
    if (open === "locked") return sendPage(reply, lockedLinkView(reader, { token: tokenOf(request), isWrong: false }));
    return showLink(context, { request, reply, open });
  });
  app.post("/s/:token", attempt, async (request, reply) => {
    const { reader, cookiesAt } = visitOf(request.raw, context.publicUrl);
    const { password = "" } = formOf(request);
    unseen(reply);
    const pass = await linkVisits.unlock(tokenOf(request), password);
    if (pass === undefined) return sendPage(reply, lockedLinkView(reader, { token: tokenOf(request), isWrong: true }));
    reply.header("set-cookie", writeCookie("link", pass, { maxAgeMs: linkPassMs, ...cookiesAt }));
    return reply.redirect(`/s/${tokenOf(request)}`, 303);
  });
  linkContentRoutes(app, context);
  linkPictureRoute(app, context);
  linkUploadRoute(app, context);
}

interface Shown {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly open: OpenLink;
}

async function showLink(
  { core: { linkVisits }, publicUrl }: PageContext,
  { request, reply, open }: Shown,
): Promise<FastifyReply> {
  const { reader } = visitOf(request.raw, publicUrl);
  const { entry, link } = open;
  const token = tokenOf(request);
  const isUsedUp = isUsed(open);
  if (link.kind === "upload") return sendPage(reply, linkUploadView(reader, { token, name: entry.name, isUsedUp }));
  const shows = (name: string): boolean => isShown(open, name);
  const pictures = (name: string): boolean => isPictured(open, name);
  const view = { token, kind: link.kind, isUsedUp, isShown: shows, isPictured: pictures };
  if (entry.type !== "folder") {
    const alone = { name: entry.name, entries: [entry], folderId: undefined, isFolder: false, after: undefined };
    return sendPage(reply, linkView(reader, { ...view, ...alone }));
  }
  const folderId = idOf(queryOf(request, "in"));
  const { name, entries, next } = await linkVisits.list(open, folderId, queryOf(request, "after"));
  const folder = { name, entries, folderId, isFolder: true, after: next ?? undefined };
  return sendPage(reply, linkView(reader, { ...view, ...folder }));
}

/** Bytes that a link gives, and the page that shows them. */
function linkContentRoutes(app: App, context: PageContext): void {
  const { linkVisits } = context.core;
  app.get("/s/:token/archive", archive, async (request, reply) => {
    const open = await openLink(context, request, reply);
    if (open === "locked") return reply.redirect(`/s/${tokenOf(request)}`, 303);
    const { name, sizeBytes, stream } = await linkVisits.archive(open, idOf(queryOf(request, "in")));
    reply.headers({
      "content-type": "application/zip",
      "content-length": sizeBytes,
      "content-disposition": contentDisposition("attachment", `${name}.zip`),
    });
    return reply.send(stream);
  });
  app.get("/s/:token/view/:file_id", page, async (request, reply) => {
    const open = await openLink(context, request, reply);
    if (open === "locked") return reply.redirect(`/s/${tokenOf(request)}`, 303);
    const entry = await linkVisits.entry(open, requireFileId(request));
    if (!isShown(open, entry.name)) throw new ProblemError("not_found");
    const shownType = inlineTypeOf(entry.name) ?? (await drawnType(context, open, entry));
    const { reader } = visitOf(request.raw, context.publicUrl);
    const token = tokenOf(request);
    return sendPage(
      reply,
      linkFileView(reader, { token, kind: open.link.kind, entry, shownType, backTo: wayBack(open, entry, token) }),
    );
  });
  app.get("/s/:token/:file_id", page, async (request, reply) => {
    const open = await openLink(context, request, reply);
    if (open === "locked") return reply.redirect(`/s/${tokenOf(request)}`, 303);
    const file = await linkVisits.file(open, requireFileId(request));
    const isInline = open.link.kind === "view" || queryOf(request, "inline") === "1";
    return sendContent(file, { request, reply, disposition: isInline ? "inline" : "attachment" });
  });
}

/** What no browser shows is drawn, if it can be. */
async function drawnType(
  { core: { linkVisits } }: PageContext,
  open: OpenLink,
  { id }: EntryState,
): Promise<ShownType> {
  const { read } = await linkVisits.picture(open, id, largePreview);
  return (await read()) ? "drawn" : "none";
}

/** The folder of the file that is shown, or the link's own page. */
function wayBack({ entry: shared }: OpenLink, { parent_id: parent }: EntryState, token: string): string {
  const isBelow = shared.type === "folder" && shared.mounts === undefined && parent !== shared.id;
  return isBelow && parent !== null ? `/s/${token}?in=${parent}` : `/s/${token}`;
}

function isUsed({ link: { kind, downloads, maxDownloads } }: OpenLink): boolean {
  return kind !== "view" && maxDownloads !== null && downloads >= maxDownloads;
}
