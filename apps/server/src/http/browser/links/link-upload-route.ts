import type { IncomingMessage } from "node:http";
import { ProblemError } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import { maxLinkUploadBytes } from "../../../features/links/link-uploads.ts";
import type { App } from "../../route-context.ts";
import type { PageContext } from "../page-context.ts";
import { queryOf } from "../page-scope.ts";
import { openLink, requireUnlocked } from "./open-link.ts";

/** Takes a file by a link that is for that: its bytes are the body, read no faster than they are stored. */
export function linkUploadRoute(app: App, context: PageContext): void {
  const { linkVisits, linkUploads } = context.core;
  app.addContentTypeParser("application/octet-stream", (_request: FastifyRequest, payload: IncomingMessage, done) =>
    done(null, payload),
  );
  app.put(
    "/s/:token/upload",
    { config: { access: "page", takesLong: true }, bodyLimit: maxLinkUploadBytes, schema: { hide: true } },
    async (request, reply) => {
      const open = requireUnlocked(await openLink(context, request, reply));
      const folderId = await linkVisits.intake(open);
      const { name } = await linkUploads.put(open, folderId, {
        name: queryOf(request, "name") ?? "",
        sizeBytes: lengthOf(request),
        pieces: request.body as AsyncIterable<Uint8Array>,
      });
      return { name };
    },
  );
}

/** How it is cut depends on how long it is. @throws bad_request */
function lengthOf({ headers }: FastifyRequest): number {
  const length = Number(headers["content-length"]);
  if (!Number.isSafeInteger(length))
    throw new ProblemError("bad_request", "the request has to say how long the file is");
  return length;
}
