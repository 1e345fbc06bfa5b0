import { hash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A file that pages load. Its address has a hash of its content, so that a browser may keep it for ever. */
export interface Asset {
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

function load(name: string, mediaType: string): Asset {
  const bytes = readFileSync(new URL(`./assets/${name}`, import.meta.url));
  const [stem = "", extension = ""] = name.split(".");
  return { path: `/assets/${stem}-${hash("sha256", bytes, "hex").slice(0, 12)}.${extension}`, mediaType, bytes };
}

export const assets = {
  tokens: load("tokens.css", "text/css; charset=utf-8"),
  pages: load("pages.css", "text/css; charset=utf-8"),
  documentation: load("documentation.css", "text/css; charset=utf-8"),
  linkUpload: load("link-upload.js", "text/javascript; charset=utf-8"),
  passkey: load("passkey.js", "text/javascript; charset=utf-8"),
} as const satisfies Record<string, Asset>;
