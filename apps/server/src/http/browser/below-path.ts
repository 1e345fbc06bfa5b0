import type { App } from "../route-context.ts";

/**
 * The path of a public address such as `https://example.org/satchel`, without a slash at the end; empty for most. A proxy in front takes it away before a request gets here, so that it has to be put back into
 * whatever leads from a page to the next.
 */
export function pathBelow(publicUrl: string | undefined): string {
  return publicUrl === undefined ? "" : new URL(publicUrl).pathname.replace(/\/$/, "");
}

/** Attributes of our own templates that lead somewhere. What people typed can't look like one: its quotes are escaped. */
const leading = /\b(href|action|src)="\/(?!\/)/g;

/** Puts the public address's path in front of the links, forms and redirects of a scope's pages. */
export function leadBelow(scope: App, publicUrl: string | undefined): void {
  const path = pathBelow(publicUrl);
  if (path === "") return;
  scope.addHook("onSend", async (_request, reply, payload) => {
    const location = reply.getHeader("location");
    if (typeof location === "string" && /^\/(?!\/)/.test(location)) reply.header("location", path + location);
    const isPage = String(reply.getHeader("content-type")).startsWith("text/html");
    return isPage && typeof payload === "string" ? linkBelow(payload, path) : payload;
  });
}

/** The page, with its links below `path`. */
export function linkBelow(markup: string, path: string): string {
  return path === "" ? markup : markup.replaceAll(leading, `$1="${path}/`);
}
