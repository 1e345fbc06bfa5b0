import type { FastifyReply, FastifyRequest } from "fastify";
import { ProblemError } from "@satchel/protocol";
import type { Right } from "../../features/authorisation/right.ts";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import { requireUnlocked } from "../../features/dav/dav-locks.ts";
import { findPlace, type DavPlace } from "../../features/dav/dav-place.ts";
import { copyEntry, makeFolder, moveEntry, removeEntry } from "../../features/dav/dav-tree.ts";
import { DavError } from "../../features/dav/dav-error.ts";
import { callerOf, type App } from "../route-context.ts";
import type { DavContext } from "./dav-context.ts";
import { checkConditions } from "./conditions.ts";
import { hrefOf, namesOf } from "./dav-address.ts";
import { depthOf, destinationOf, mayReplace } from "./dav-headers.ts";
import { davProblemAnswers } from "./dav-problem.ts";
import { answerLock, answerUnlock } from "./locking.ts";
import { answerPropfind } from "./propfind.ts";
import { answerProppatch } from "./proppatch.ts";
import { answerGet, answerPut } from "./transfers.ts";

type Handler = (parts: DavContext, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

const reading: Right = "files.read";
const writing: Right = "files.write";

/** WebDAV's methods, for all scopes. */
export function addDavMethods(app: App): void {
  for (const method of ["PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK"])
    app.addHttpMethod(method, { hasBody: true });
}

/** Readies a scope of its own for WebDAV: bodies come with any content type, and are read by their handlers. `baseOf` as in {@link DavContext}. */
export function prepareDavScope(app: App, baseOf: (request: FastifyRequest) => string): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request: FastifyRequest, payload, done) => done(null, payload));
  app.setErrorHandler(davProblemAnswers(baseOf));
}

/** Serves the account's tree at these addresses of a prepared scope. */
export function serveTree(
  app: App,
  {
    urls,
    contextOf,
  }: { readonly urls: readonly string[]; readonly contextOf: (request: FastifyRequest) => DavContext },
): void {
  const allowed = ["OPTIONS", ...davHandlers.map(([method]) => method)].join(", ");
  for (const url of urls) {
    app.route({
      method: "OPTIONS",
      url,
      config: { access: "public" },
      schema: { hide: true },
      handler: async (_request, reply) => sendOptions(reply, allowed),
    });
    for (const [method, right, handler] of davHandlers)
      app.route({
        method,
        url,
        config: { access: "account", right, takesLong: method === "PUT" },
        schema: { hide: true },
        handler: (request, reply) => handler(contextOf(request), request, reply),
      });
  }
}

/** What programs ask first, before they sign in. Windows looks for the last header. */
function sendOptions(reply: FastifyReply, allowed: string): FastifyReply {
  return reply
    .code(200)
    .headers({ dav: "1, 2, 3", allow: allowed, "ms-author-via": "DAV", "accept-ranges": "bytes", "content-length": 0 })
    .send();
}

const get: Handler = async (parts, request, reply) => answerGet(parts, request, reply, await find(parts, request));

const davHandlers: readonly (readonly [method: string, right: Right, handler: Handler])[] = [
  ["GET", reading, get],
  ["HEAD", reading, get],
  ["PROPFIND", reading, (parts, request, reply) => answerPropfind(parts, request, reply, callerOf(request))],
  [
    "PROPPATCH",
    writing,
    changing(async (parts, request, reply, asked) => {
      await requireFree(parts, asked, { isOfFolder: false, isDeep: false });
      return answerProppatch(parts, request, reply, asked);
    }),
  ],
  [
    "PUT",
    writing,
    changing(async (parts, request, reply, asked) => {
      const { caller, place } = asked;
      const requireStill = () => requireFree(parts, asked, { isOfFolder: !place.found, isDeep: false });
      await requireStill();
      return answerPut(parts, request, reply, { caller, place, requireStill });
    }),
  ],
  [
    "MKCOL",
    writing,
    changing(async (parts, request, reply, asked) => {
      if (request.body !== undefined && request.headers["content-length"] !== "0")
        throw new ProblemError("unsupported_media_type", "a new folder has no body");
      await requireFree(parts, asked, { isOfFolder: true, isDeep: false });
      const id = await makeFolder(parts, asked.caller, asked.place);
      return reply
        .headers(parts.dialect?.headersOf({ id, versionId: undefined }) ?? {})
        .code(201)
        .send();
    }),
  ],
  [
    "DELETE",
    writing,
    changing(async (parts, _request, reply, asked) => {
      await requireFree(parts, asked, { isOfFolder: true, isDeep: true });
      await removeEntry(parts, asked.caller, asked.place);
      return reply.code(204).send();
    }),
  ],
  ["COPY", writing, copy],
  ["MOVE", writing, changing(move)],
  ["LOCK", writing, changing(answerLock)],
  ["UNLOCK", writing, async (parts, request, reply) => answerUnlock(parts, request, reply, await find(parts, request))],
];

async function find(parts: DavContext, request: FastifyRequest) {
  const caller = callerOf(request);
  return { caller, place: await findPlace(parts, caller, namesOf(parts.root, request.raw.url ?? "")) };
}

/** Looks for what it is about, and at the request's conditions, first. */
function changing(
  change: (parts: DavContext, request: FastifyRequest, reply: FastifyReply, asked: Asked) => Promise<FastifyReply>,
): Handler {
  return async (parts, request, reply) => {
    const { caller, place } = await find(parts, request);
    const tokens = await checkConditions(parts, request, { caller, place });
    return change(parts, request, reply, { caller, place, tokens });
  };
}

/** What a request means to change, and the lock tokens that it names. */
export interface Asked {
  readonly caller: Caller;
  readonly place: DavPlace;
  readonly tokens: ReadonlySet<string>;
}

/** @throws 423 */
export async function requireFree(
  parts: DavContext,
  { caller, place, tokens }: Asked,
  change: { readonly isOfFolder: boolean; readonly isDeep: boolean },
): Promise<void> {
  await requireUnlocked(parts, caller, { change: { place, ...change }, tokens });
}

/** What is copied need only be readable. */
async function copy(parts: DavContext, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const caller = callerOf(request);
  const from = await findPlace(parts, { ...caller, right: reading }, namesOf(parts.root, request.raw.url ?? ""));
  const tokens = await checkConditions(parts, request, { caller, place: from });
  const depth = depthOf(request.headers, "infinity");
  if (depth === "1") throw new ProblemError("bad_request", "a copy has Depth 0 or infinity");
  const to = await findTarget(parts, request, { caller, tokens });
  const isShallow = depth === "0";
  const isNew = await copyEntry(parts, caller, { from, to, mayReplace: mayReplace(request.headers), isShallow });
  return sendPlaced(parts, reply, { to, isNew });
}

async function move(parts: DavContext, request: FastifyRequest, reply: FastifyReply, asked: Asked) {
  const { caller, place: from, tokens } = asked;
  if (depthOf(request.headers, "infinity") !== "infinity" && from.contents !== undefined)
    throw new ProblemError("bad_request", "a folder is moved with Depth infinity");
  await requireFree(parts, asked, { isOfFolder: true, isDeep: true });
  const to = await findTarget(parts, request, { caller, tokens });
  const isNew = await moveEntry(parts, caller, { from, to, mayReplace: mayReplace(request.headers) });
  return sendPlaced(parts, reply, { to, isNew });
}

/** Where it is to go, if no lock stands against that. @throws 412 before 423: whoever may not replace isn't told of locks */
async function findTarget(
  parts: DavContext,
  request: FastifyRequest,
  { caller, tokens }: Pick<Asked, "caller" | "tokens">,
): Promise<DavPlace> {
  const place = await findPlace(parts, caller, destinationOf(parts, request.headers));
  if (place.found && !mayReplace(request.headers)) throw new DavError(412, "there is something of this name");
  await requireFree(parts, { caller, place, tokens }, { isOfFolder: !place.found, isDeep: true });
  return place;
}

function sendPlaced(
  { base }: DavContext,
  reply: FastifyReply,
  { to: { names }, isNew }: { readonly to: DavPlace; readonly isNew: boolean },
): FastifyReply {
  if (isNew) reply.header("location", hrefOf(base, names, false));
  return reply.code(isNew ? 201 : 204).send();
}
