import { hash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { leadBelow } from "../browser/below-path.ts";
import type { RouteContext } from "../create-app.ts";
import type { App } from "../route-context.ts";
import { describeApi, type ApiDocument } from "./describe-api.ts";
import { makeDocumentation, type Documentation } from "./document.ts";
import { drawDocument, drawFound, drawMissing } from "./draw-document.ts";
import { readDocuments } from "./read-documents.ts";
import { searchDocuments } from "./search-documents.ts";

/** No script at all, nothing from elsewhere, and the one form asks this server. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const open = { config: { access: "page" }, schema: { hide: true } } as const;

/** It comes after what people and operators read, and before what only explains. */
const sectionsBeforeApi = 4;

interface DrawnPage {
  readonly body: string;
  readonly etag: string;
}

const pictureTypes: Readonly<Record<string, string>> = {
  webp: "image/webp",
  png: "image/png",
  svg: "image/svg+xml; charset=utf-8",
};

/** Shows the folder of documents at `/docs`. It is read when somebody first asks, and then kept. */
export function documentationRoutes(app: App, { docsRoot: root, publicUrl }: RouteContext): void {
  if (root === undefined) return;
  leadBelow(app, publicUrl);
  let reading: Promise<Documentation> | undefined;
  const drawn = new Map<string, DrawnPage>();
  const documentation = (): Promise<Documentation> => {
    reading ??= readAll(app, root).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
  app.get("/docs/search", open, async (request, reply) => {
    const [q = ""] = [(request.query as { readonly q?: string | readonly string[] }).q ?? ""].flat();
    const all = await documentation();
    return sendHtml(reply, 200, drawFound(q, searchDocuments(all, q), all));
  });
  app.get("/docs/images/:name", open, async (request, reply) => {
    const { name } = request.params as { readonly name: string };
    return sendPicture(reply, join(root, "images"), name, () => documentation());
  });
  const page = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const all = await documentation();
    const address = new URL(request.url, "http://server").pathname.slice("/docs".length).replace(/\/$/, "");
    const document = all.byAddress.get(address);
    if (document === undefined) return sendHtml(reply, 404, drawMissing(all));
    const kept = drawn.get(address) ?? drawPage(drawDocument(document, all));
    drawn.set(address, kept);
    reply.headers({ etag: kept.etag, "cache-control": "no-cache" });
    return request.headers["if-none-match"] === kept.etag ? reply.code(304).send() : sendHtml(reply, 200, kept.body);
  };
  app.get("/docs", open, page);
  app.get("/docs/*", open, page);
}

async function readAll(app: App, root: string): Promise<Documentation> {
  const documents = describeApi(app.swagger() as unknown as ApiDocument);
  const sections = await readDocuments(root);
  return makeDocumentation(sections.toSpliced(sectionsBeforeApi, 0, { title: "API", documents }));
}

function drawPage(body: string): DrawnPage {
  return { body, etag: `"${hash("sha256", body, "hex").slice(0, 32)}"` };
}

function sendHtml(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply
    .code(status)
    .headers({ "content-security-policy": contentSecurityPolicy, "content-type": "text/html; charset=utf-8" })
    .send(body);
}

/** A name is looked for among those that are there, so that none leads out of the folder. */
async function sendPicture(
  reply: FastifyReply,
  folder: string,
  name: string,
  documentation: () => Promise<Documentation>,
): Promise<FastifyReply> {
  const type = pictureTypes[name.split(".").at(-1) ?? ""];
  const isThere = type !== undefined && (await readdir(folder)).includes(name);
  if (!isThere) return sendHtml(reply, 404, drawMissing(await documentation()));
  return reply
    .headers({ "content-type": type, "cache-control": "public, max-age=3600" })
    .send(await readFile(join(folder, name)));
}
