import { Readable } from "node:stream";
import { ProblemError } from "@satchel/protocol";
import type { FastifyReply } from "fastify";
import type { ByteSpan, FileContent } from "../features/files/content.ts";

/**
 * Sends a file, or the part of it that the request's `Range` names, as a download: read from the store no faster than the caller takes it.
 * @throws range_not_satisfiable
 */
export function sendContent(file: FileContent, range: string | undefined, reply: FastifyReply): FastifyReply {
  const part = parseRange(range, file.sizeBytes);
  const span = part ?? { start: 0, end: file.sizeBytes };
  reply.headers({
    "content-type": "application/octet-stream",
    "content-length": span.end - span.start,
    "content-disposition": `attachment; filename*=UTF-8''${encodeFileName(file.name)}`,
    "accept-ranges": "bytes",
    etag: `"${file.versionId}"`,
  });
  if (part) reply.code(206).header("content-range", `bytes ${span.start}-${span.end - 1}/${file.sizeBytes}`);
  return reply.send(Readable.from(file.read(span), { objectMode: false }));
}

/** RFC 8187: what `encodeURIComponent` leaves and a header's extended value may not hold is encoded, too. */
function encodeFileName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
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
