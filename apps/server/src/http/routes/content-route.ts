import { Readable } from "node:stream";
import { entryIdSchema, ProblemError, versionIdSchema } from "@satchel/protocol";
import { z } from "zod";
import type { ByteSpan } from "../../features/files/content.ts";
import { loginRefusals, rawAnswers } from "../answer-schemas.ts";
import type { RouteContext } from "../create-app.ts";
import { callerOf, type App } from "../route-context.ts";

/** A whole file or a part of it, read from the store no faster than the caller takes it. */
export function contentRoute(app: App, { core: { content } }: RouteContext): void {
  app.get(
    "/v1/files/content",
    {
      config: { access: "account", right: "files.read" },
      schema: {
        tags: ["files"],
        summary: "A file's bytes; takes a Range",
        querystring: z.object({ file_id: entryIdSchema, version_id: versionIdSchema.optional() }),
        response: contentAnswers,
      },
    },
    async (request, reply) => {
      const file = await content.open(callerOf(request), {
        id: request.query.file_id,
        versionId: request.query.version_id,
      });
      const range = parseRange(request.headers.range, file.sizeBytes);
      const span = range ?? { start: 0, end: file.sizeBytes };
      reply.headers({
        "content-type": "application/octet-stream",
        "content-length": span.end - span.start,
        "content-disposition": `attachment; filename*=UTF-8''${encodeFileName(file.name)}`,
        "accept-ranges": "bytes",
        etag: `"${file.versionId}"`,
      });
      if (range) reply.code(206).header("content-range", `bytes ${span.start}-${span.end - 1}/${file.sizeBytes}`);
      return reply.send(Readable.from(file.read(span), { objectMode: false }));
    },
  );
}

/** RFC 8187: what `encodeURIComponent` leaves and a header's extended value may not hold is encoded, too. */
function encodeFileName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}

const okAnswers = rawAnswers(
  "application/octet-stream",
  z.string().meta({ format: "binary" }),
  "not_found",
  "range_not_satisfiable",
  ...loginRefusals,
);
const contentAnswers = { ...okAnswers, 206: okAnswers[200] };

/**
 * One range of RFC 9110, section 14.1.2; undefined for none, and for what may be ignored: other units, several ranges, bad syntax.
 * @throws range_not_satisfiable when it lies outside the content
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteSpan | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const start = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (first !== "" && last !== "" && Number(last) < start) return undefined;
  if (start >= end) throw new ProblemError("range_not_satisfiable", `the content has ${sizeBytes} bytes`);
  return { start, end };
}
