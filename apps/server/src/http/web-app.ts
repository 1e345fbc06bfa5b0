import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fastifyStatic } from "@fastify/static";
import type { FastifyReply } from "fastify";
import { pathBelow } from "./browser/below-path.ts";
import type { App } from "./route-context.ts";

/** Addresses of the app's pages: each is answered with the one document, and the app shows what the address says. */
const pagePaths = [
  "/files",
  "/files/*",
  "/trash",
  "/shared",
  "/notices",
  "/conflicts",
  "/conflicts/*",
  "/activity",
  "/activity/*",
  "/search",
  "/settings",
  "/settings/*",
  "/admin",
  "/admin/*",
  "/welcome",
  "/app/signed-in",
] as const;

/**
 * WebAssembly may be compiled (chunks are cut by it, and pictures in PDFs read), text never. Nothing inline, nothing from elsewhere (OWASP ASVS 5, V3.4). Pictures, players and previews may show what the page itself made of bytes. Styles that
 * scripts set on elements are not inline styles.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self' blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** What has a name that others know. The service worker and its list are asked for anew each time, so that no browser stays with an old build. */
const fixedFiles = [
  "icon.svg",
  "icon-192.png",
  "icon-512.png",
  "icon-maskable-512.png",
  "manifest.webmanifest",
  "sw.js",
  "asset-list.json",
] as const;

/** Files of the build carry a hash of their content in their names, so that they never change. */
const immutable = "public, max-age=31536000, immutable";

/** Serves the built web app from a directory. @throws Error when there is none */
export async function installWebApp(app: App, directory: string, publicUrl: string | undefined): Promise<void> {
  const documentPath = join(directory, "index.html");
  if (!existsSync(documentPath)) throw new Error(`the web app is not built: ${documentPath} is missing`);
  const page = Buffer.from(below(readFileSync(documentPath, "utf8"), pathBelow(publicUrl)));
  await app.register(fastifyStatic, { root: directory, serve: false, preCompressed: true });
  for (const path of pagePaths) {
    app.get(path, { config: { access: "page" }, schema: { hide: true } }, (_request, reply) => sendPage(reply, page));
  }
  app.get("/assets/:file", { config: { access: "page" }, schema: { hide: true } }, (request, reply) => {
    const { file } = request.params as { readonly file: string };
    return withSafety(reply).sendFile(join("assets", file), { cacheControl: false }).header("cache-control", immutable);
  });
  for (const name of fixedFiles) {
    const isOfBuild = name === "sw.js" || name === "asset-list.json";
    app.get(`/${name}`, { config: { access: "page" }, schema: { hide: true } }, (_request, reply) =>
      withSafety(reply).sendFile(name, { maxAge: isOfBuild ? 0 : "1 day" }),
    );
  }
}

/** The build's document names its files, and the place that the app is at, relative to the server's address: they get the path that is in front. */
function below(document: string, path: string): string {
  const inAttribute = path.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return document.replaceAll(/\b(src|href|content)="\.\//g, (_match, name: string) => `${name}="${inAttribute}/`);
}

function sendPage(reply: FastifyReply, page: Buffer): FastifyReply {
  return withSafety(reply).header("cache-control", "no-cache").type("text/html; charset=utf-8").send(page);
}

function withSafety(reply: FastifyReply): FastifyReply {
  return reply.headers({
    "content-security-policy": contentSecurityPolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  });
}
