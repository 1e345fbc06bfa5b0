import type { RenderedPage } from "../../features/oauth/oauth-pages.ts";
import { assets } from "./assets.ts";
import { html, raw, type Html } from "./html.ts";
import { mark } from "./mark.ts";
import type { Reader } from "./reader.ts";

export interface PageParts {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** A page with lists instead of one small form. */
  readonly wide?: boolean;
  /** Beside the name of the product, on wide pages. */
  readonly top?: Html;
  /** Origins that a form of this page may lead to by redirects, besides our own. */
  readonly formTargets?: readonly string[];
  /** Loads the script for passkeys. */
  readonly passkeys?: boolean;
  /** Loads the script that sends files. */
  readonly uploads?: boolean;
  /** Shows sound and film of our own. */
  readonly media?: boolean;
}

/** A whole page, with the headers that keep it what it is: no script but ours, no frame around it, nothing kept. */
export function renderPage(reader: Reader, parts: PageParts): RenderedPage {
  const { language } = reader;
  const brand = html`<a class="brand" href="/account">${mark}<span>Satchel</span></a>`;
  const header = parts.top ? html`<div class="top">${brand}${parts.top}</div>` : brand;
  const { markup } = html`<!doctype html>
    <html lang="${language}" ${parts.wide === true && raw(' class="wide"')}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${parts.title} · Satchel</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${assets.tokens.path}" />
        <link rel="stylesheet" href="${assets.pages.path}" />
      </head>
      <body>
        <main>
          ${header}
          <div class="card">${parts.body}</div>
        </main>
        ${parts.passkeys === true && html`<script src="${assets.passkey.path}" defer></script>`}
        ${parts.uploads === true && html`<script src="${assets.linkUpload.path}" defer></script>`}
      </body>
    </html> `;
  return { status: parts.status ?? 200, headers: pageHeaders(parts), body: markup };
}

function pageHeaders({ formTargets = [], media = false }: PageParts): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    ...(media ? ["media-src 'self'"] : []),
    `form-action ${["'self'", ...formTargets].join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    // The address of a page may hold a secret.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    vary: "accept-language, cookie",
  };
}
