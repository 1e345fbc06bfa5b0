import type { IncomingMessage } from "node:http";
import { parse } from "node:querystring";
import type { FastifyReply, FastifyRequest } from "fastify";
import { readBody } from "../requests/body-parsers.ts";
import { leadBelow } from "./below-path.ts";
import type { PageContext } from "./page-context.ts";
import { readerOf, type Reader } from "../pages/reader.ts";
import { messageView } from "../pages/views/sign-up-view.ts";
import { toProblem } from "../answers/problem-answers.ts";
import type { App } from "../route-context.ts";
import { isFromOurs, sendPage, visitOf } from "./visit.ts";

/** The longest form. */
const maxFormBytes = 64 * 1024;

/** What a form sent: each field once. */
export type Form = Readonly<Record<string, string | undefined>>;

/** Prepares a scope of routes for browsers: forms are read, what other sites send is refused, and a refusal is a page. */
export function preparePageScope(scope: App, { publicUrl }: PageContext): void {
  scope.addContentTypeParser(
    "application/x-www-form-urlencoded",
    async (_request: FastifyRequest, payload: IncomingMessage) =>
      firstValues(parse(Buffer.from(await readBody(payload, maxFormBytes)).toString("utf8"))),
  );
  leadBelow(scope, publicUrl);
  scope.addHook("onRequest", async (request, reply) => {
    if (request.method === "GET" || isFromOurs(request, visitOf(request.raw, publicUrl).origin)) return;
    const reader = readerOf(request.headers);
    const { otherSite: title, otherSiteText: text } = reader.texts;
    return sendPage(reply, messageView(reader, { title, text, status: 403 }));
  });
  scope.setErrorHandler((error, request, reply) => answerFailure(error, request, reply));
}

/** A field that is there twice counts by its first value. */
function firstValues(fields: NodeJS.Dict<string | string[]>): Form {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value].flat()[0]]));
}

/** What the form of this request sent. */
export function formOf(request: FastifyRequest): Form {
  const { body } = request;
  return typeof body === "object" && body !== null ? (body as Form) : {};
}

/** A parameter of the address, as far as it is a text. */
export function queryOf(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, unknown>)[name];
  return typeof value === "string" && value.length <= 2000 ? value : undefined;
}

function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error }, "a page failed");
  if (problem.retryAfterSeconds !== undefined) reply.header("retry-after", problem.retryAfterSeconds);
  const reader = readerOf(request.headers);
  const isLink = request.routeOptions.url?.startsWith("/s/") === true;
  return sendPage(reply, messageView(reader, { ...failureTexts(reader, problem, isLink), status: problem.status }));
}

function failureTexts(
  { texts }: Reader,
  { status, retryAfterSeconds }: { status: number; retryAfterSeconds: number | undefined },
  isLink: boolean,
): { title: string; text: string } {
  if (status === 429) return { title: texts.tooMany, text: texts.tooManyText(retryAfterSeconds ?? 5) };
  if (status === 404 && isLink) return { title: texts.linkGone, text: texts.linkGoneText };
  if (status === 404) return { title: texts.notFound, text: texts.notFoundText };
  return { title: texts.error, text: texts.errorText };
}
