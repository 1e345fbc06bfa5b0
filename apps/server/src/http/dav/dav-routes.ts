import type { FastifyReply, FastifyRequest } from "fastify";
import { ProblemError } from "@satchel/protocol";
import type { Right } from "../../features/authorisation/right.ts";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import { requireUnlocked } from "../../features/dav/dav-locks.ts";
import { findPlace, type DavPlace } from "../../features/dav/dav-place.ts";
import { copyEntry, makeFolder, moveEntry, removeEntry } from "../../features/dav/dav-tree.ts";
import { DavError } from "../../features/dav/dav-error.ts";
import type { RouteContext } from "../create-app.ts";
import { callerOf, type App } from "../route-context.ts";
import type { DavContext } from "./dav-context.ts";
import { pathBelow } from "../browser/below-path.ts";
import { checkConditions } from "./conditions.ts";
import { davRoot, hrefOf, namesOf } from "./dav-address.ts";
import { depthOf, destinationOf, mayReplace } from "./dav-headers.ts";
import { davProblemAnswers } from "./dav-problem.ts";
import { answerLock, answerUnlock } from "./locking.ts";
import { answerPropfind } from "./propfind.ts";
import { answerProppatch } from "./proppatch.ts";
import { answerGet, answerPut } from "./transfers.ts";

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

const reading: Right = "files.read";
const writing: Right = "files.write";

/** The account's tree by WebDAV (RFC 4918, classes 1, 2 and 3): docs/spec/webdav.md. In a scope of their own: bodies come with any content type, and are read by their handlers. */
export function davRoutes(app: App, { core, publicUrl }: RouteContext): void {
  const base = pathBelow(publicUrl) + davRoot;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request: FastifyRequest, payload, done) => done(null, payload));
  app.setErrorHandler(davProblemAnswers(base));
  for (const method of ["PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK"])
    app.addHttpMethod(method, { hasBody: true });
  const handlers = davHandlers({ ...core.dav, base });
  const allowed = ["OPTIONS", ...handlers.map(([method]) => method)].join(", ");
  for (const url of [davRoot, `${davRoot}/*`]) {
    app.route({
      method: "OPTIONS",
      url,
      config: { access: "public" },
      schema: { hide: true },
      handler: async (_request, reply) => sendOptions(reply, allowed),
    });
    for (const [method, right, handler] of handlers)
      app.route({
        method,
        url,
        config: { access: "account", right, takesLong: method === "PUT" },
        schema: { hide: true },
        handler,
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

function davHandlers(parts: DavContext): readonly (readonly [method: string, right: Right, handler: Handler])[] {
  const find = async (request: FastifyRequest) => {
    const caller = callerOf(request);
    return { caller, place: await findPlace(parts, caller, namesOf(request.raw.url ?? "")) };
  };
  const changing =
    (change: (request: FastifyRequest, reply: FastifyReply, asked: Asked) => Promise<FastifyReply>): Handler =>
    async (request, reply) => {
      const { caller, place } = await find(request);
      const tokens = await checkConditions(parts, request, { caller, place });
      return change(request, reply, { caller, place, tokens });
    };
  const get: Handler = async (request, reply) => answerGet(parts, request, reply, await find(request));
  return [
    ["GET", reading, get],
    ["HEAD", reading, get],
    ["PROPFIND", reading, async (request, reply) => answerPropfind(parts, request, reply, callerOf(request))],
    [
      "PROPPATCH",
      writing,
      changing(async (request, reply, asked) => {
        await requireFree(parts, asked, { isOfFolder: false, isDeep: false });
        return answerProppatch(parts, request, reply, asked);
      }),
    ],
    [
      "PUT",
      writing,
      changing(async (request, reply, asked) => {
        const { caller, place } = asked;
        const requireStill = () => requireFree(parts, asked, { isOfFolder: !place.found, isDeep: false });
        await requireStill();
        return answerPut(parts, request, reply, { caller, place, requireStill });
      }),
    ],
    [
      "MKCOL",
      writing,
      changing(async (request, reply, asked) => {
        if (request.body !== undefined && request.headers["content-length"] !== "0")
          throw new ProblemError("unsupported_media_type", "a new folder has no body");
        await requireFree(parts, asked, { isOfFolder: true, isDeep: false });
        await makeFolder(parts, asked.caller, asked.place);
        return reply.code(201).send();
      }),
    ],
    [
      "DELETE",
      writing,
      changing(async (_request, reply, asked) => {
        await requireFree(parts, asked, { isOfFolder: true, isDeep: true });
        await removeEntry(parts, asked.caller, asked.place);
        return reply.code(204).send();
      }),
    ],
    ["COPY", writing, copying(parts)],
    ["MOVE", writing, changing((request, reply, asked) => move(parts, request, reply, asked))],
    ["LOCK", writing, changing((request, reply, asked) => answerLock(parts, request, reply, asked))],
    ["UNLOCK", writing, async (request, reply) => answerUnlock(parts, request, reply, await find(request))],
  ];
}

interface Asked {
  readonly caller: Caller;
  readonly place: DavPlace;
  readonly tokens: ReadonlySet<string>;
}

async function requireFree(
  parts: DavContext,
  { caller, place, tokens }: Asked,
  change: { readonly isOfFolder: boolean; readonly isDeep: boolean },
): Promise<void> {
  await requireUnlocked(parts, caller, { change: { place, ...change }, tokens });
}

/** What is copied need only be readable. */
function copying(parts: DavContext): Handler {
  return async (request, reply) => {
    const caller = callerOf(request);
    const from = await findPlace(parts, { ...caller, right: reading }, namesOf(request.raw.url ?? ""));
    const tokens = await checkConditions(parts, request, { caller, place: from });
    const depth = depthOf(request.headers, "infinity");
    if (depth === "1") throw new ProblemError("bad_request", "a copy has Depth 0 or infinity");
    const to = await findTarget(parts, request, { caller, tokens });
    const isNew = await copyEntry(parts, caller, {
      from,
      to,
      mayReplace: mayReplace(request.headers),
      isShallow: depth === "0",
    });
    return sendPlaced(parts, reply, { to, isNew });
  };
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
  const place = await findPlace(parts, caller, destinationOf(parts.base, request.headers));
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
