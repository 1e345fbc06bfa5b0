import { Readable } from "node:stream";
import { ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ByteSpan, FileContent } from "../../features/files/content.ts";
import type { ContentDisposition } from "../../features/files/content-url.ts";
import { inlineTypeOf } from "../../features/files/inline-type.ts";
import { contentDisposition } from "./content-disposition.ts";

/**
 * For what a browser shows: a picture that is opened by itself is a document, in which nothing may run or be loaded. Drawings are styled from within.
 */
const shownPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

interface Wanted {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly disposition: ContentDisposition;
}

/**
 * Sends a file, or the part of it that the request's `Range` names: read from the store no faster than the caller takes it. `HEAD` is answered without reading.
 * Only pictures, sound and video are ever shown `inline`.
 * @throws range_not_satisfiable
 */
export function sendContent(file: FileContent, { request, reply, disposition }: Wanted): FastifyReply {
  const etag = `"${file.versionId}"`;
  const { range, "if-range": ifRange } = request.headers;
  const part = ifRange === undefined || ifRange === etag ? parseRange(range, file.sizeBytes) : undefined;
  const span = part ?? { start: 0, end: file.sizeBytes };
  const shownType = disposition === "inline" ? inlineTypeOf(file.name) : undefined;
  if (shownType !== undefined) reply.header("content-security-policy", shownPolicy);
  reply.headers({
    "content-type": shownType ?? "application/octet-stream",
    "content-length": span.end - span.start,
    "content-disposition": contentDisposition(shownType === undefined ? "attachment" : "inline", file.name),
    "accept-ranges": "bytes",
    etag,
  });
  if (part) reply.code(206).header("content-range", `bytes ${span.start}-${span.end - 1}/${file.sizeBytes}`);
  if (request.method === "HEAD") return reply.send();
  return reply.send(Readable.from(file.read(span), { objectMode: false }));
}

/**
 * One range of RFC 9110, section 14.1.2; undefined for none, and for what may be ignored: other units, several ranges, bad syntax.
 * @throws range_not_satisfiable when it lies outside the content
 */
function parseRange(header: string | undefined, sizeBytes: number): ByteSpan | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const start = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (first !== "" && last !== "" && Number(last) < start) return undefined;
  if (start >= end) throw new ProblemError("range_not_satisfiable", `the content has ${sizeBytes} bytes`);
  return { start, end };
}
