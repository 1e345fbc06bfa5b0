import type { App } from "../route-context.ts";

/** A browser that was here once comes back by TLS only, for a year (RFC 6797). */
const hsts = "max-age=31536000";

/**
 * What every answer says to a browser: nothing in it is to be run, framed, guessed at or sent on. Pages, which need more, say so themselves. Where the server is reached by TLS, it
 * stays so.
 */
export function installSecureAnswers(app: App, { byTls }: { readonly byTls: boolean }): void {
  const headers = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy":
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    ...(byTls && { "strict-transport-security": hsts }),
  };
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers(headers);
  });
}
