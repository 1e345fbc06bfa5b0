import type { IncomingMessage } from "node:http";
import { ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import { DavError } from "../../features/dav/dav-error.ts";
import type { DavPlace } from "../../features/dav/dav-place.ts";
import { putFile, type PutContent } from "../../features/dav/put-file.ts";
import { sendContent } from "../answers/send-content.ts";
import type { DavContext } from "./dav-context.ts";
import { etagOf, isConditional, namesTag } from "./conditions.ts";
import { checkedPieces } from "./checked-pieces.ts";
import { conflictOf, contentLengthOf, modifiedOf } from "./dav-headers.ts";
import { httpDate } from "./live-properties.ts";

interface Asked {
  readonly caller: Caller;
  readonly place: DavPlace;
}

/** The bytes of a file, or a part of them; of a folder, a sentence for whoever looks by a browser. @throws 404, 412, range_not_satisfiable */
export async function answerGet(
  parts: DavContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, place }: Asked,
) {
  const { found } = place;
  if (!found) throw new DavError(404, "there is nothing of this name");
  if (found.entry.type === "folder")
    return reply
      .header("content-type", "text/plain; charset=utf-8")
      .send("This is a folder. Open this address in a program that speaks WebDAV.\n");
  const { entry } = found;
  const etag = etagOf(place);
  const { headers } = request;
  const match = headers["if-match"];
  if (match !== undefined && !namesTag(match, etag, place)) throw new DavError(412, "If-Match does not hold");
  if (etag !== undefined) reply.header("etag", etag);
  if (entry.modified !== null) reply.header("last-modified", httpDate(entry.modified));
  if (isKnown(request, place)) return reply.code(304).send();
  const file = await parts.content.open(caller, { id: entry.id, versionId: entry.version_id ?? undefined });
  return sendContent(file, { request, reply, disposition: "attachment" });
}

/** Has the asker got it already? RFC 9110, section 13.2.2. */
function isKnown({ headers }: FastifyRequest, place: DavPlace): boolean {
  const none = headers["if-none-match"];
  if (none !== undefined) return namesTag(none, etagOf(place), place);
  const since = Date.parse(String(headers["if-modified-since"]));
  const modifiedMs = Date.parse(place.found?.entry.modified ?? "");
  return Math.floor(modifiedMs / 1000) * 1000 <= since;
}

/** The file's next version, or a new file. @throws 405, 409, 412, 423, quota_exceeded, bad_request, login_revoked */
export async function answerPut(
  parts: DavContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, place, requireStill }: Asked & Pick<PutContent, "requireStill">,
) {
  const { headers } = request;
  if (headers["content-range"] !== undefined)
    throw new ProblemError("bad_request", "a file is written as a whole, without Content-Range");
  if (request.raw.url?.split("?")[0]?.endsWith("/"))
    throw new DavError(405, "a file's address has no slash at its end");
  const modified = modifiedOf(headers);
  const content = {
    pieces: checkedPieces(piecesOf(request.body as IncomingMessage | undefined), headers["oc-checksum"]),
    sizeBytes: request.body ? contentLengthOf(headers) : 0,
    modified,
    isConditional: isConditional(request) || headers["if"] !== undefined,
    requireStill,
    conflict: parts.dialect && conflictOf(headers),
  };
  const { id, versionId, isNew } = await putFile(parts, caller, { place, content });
  if (modified !== undefined) reply.header("x-oc-mtime", "accepted");
  return reply
    .code(isNew ? 201 : 204)
    .headers(parts.dialect?.headersOf({ id, versionId }) ?? {})
    .header("etag", `"${versionId}"`)
    .send();
}

/** A caller that goes away while it sends is no mistake of ours. */
export async function* piecesOf(body: IncomingMessage | undefined): AsyncGenerator<Uint8Array> {
  if (!body) return;
  try {
    for await (const piece of body) yield piece as Buffer;
  } catch {
    throw new ProblemError("bad_request", "the request ended early");
  }
}
