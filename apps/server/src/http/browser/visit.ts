import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { LinkedPage, LinkOptions } from "../../features/identity/self-service/sign-up.ts";
import type { RenderedPage } from "../../features/oauth/oauth-pages.ts";
import { pathBelow } from "./below-path.ts";
import type { CookiePlace } from "./cookies.ts";
import { readerOf, type Reader } from "../pages/reader.ts";

/** A browser's request for a page of ours. */
export interface Visit {
  readonly reader: Reader;
  /** The server's address, without a slash at the end, as this browser knows it. */
  readonly baseUrl: string;
  /** Such as `https://satchel.example.org`. */
  readonly origin: string;
  readonly cookiesAt: CookiePlace;
  readonly links: LinkOptions;
}

export function visitOf(message: IncomingMessage, publicUrl: string | undefined): Visit {
  const baseUrl = publicUrl ?? `${isEncrypted(message) ? "https" : "http"}://${message.headers.host ?? "localhost"}`;
  const reader = readerOf(message.headers);
  const linkTo = (page: LinkedPage, secret: string): string => `${baseUrl}/${page}?secret=${secret}`;
  const { origin, protocol } = new URL(baseUrl);
  const cookiesAt = { isSecure: protocol === "https:", path: pathBelow(publicUrl) };
  return { reader, baseUrl, origin, cookiesAt, links: { linkTo, language: reader.language } };
}

function isEncrypted({ socket }: IncomingMessage): boolean {
  return "encrypted" in socket && socket.encrypted === true;
}

/** Sends a page. */
export function sendPage(reply: FastifyReply, page: RenderedPage): FastifyReply {
  return reply.code(page.status).headers(page.headers).send(page.body);
}

/** Did a page of ours send this? Browsers say where a request comes from, and no page can change what they say. */
export function isFromOurs({ headers }: FastifyRequest, origin: string): boolean {
  const site = headers["sec-fetch-site"];
  if (typeof site === "string") return site === "same-origin";
  return headers.origin === origin;
}

/** A path of ours to go on at; anything else would send people where somebody else wants them. */
export function localPath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 500 || !/^\/[\w./?=&%-]*$/.test(text) || text.startsWith("//"))
    return undefined;
  return text;
}
