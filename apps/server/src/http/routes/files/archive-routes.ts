import type { IncomingMessage } from "node:http";
import { parse } from "node:querystring";
import {
  archiveUrlRequestSchema,
  archiveUrlResponseSchema,
  deviceIdSchema,
  entryIdSchema,
  maxArchiveSelection,
  ProblemError,
  workspaceIdSchema,
} from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { archivePath } from "../../../features/archive/archive-url.ts";
import type { Archive } from "../../../features/archive/archive.ts";
import { answers, loginRefusals, rawAnswers } from "../../answers/answer-schemas.ts";
import { readBody } from "../../requests/body-parsers.ts";
import { contentDisposition } from "../../answers/content-disposition.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";
import type { SignedAddress } from "../../requests/signed-address.ts";

/** The longest form: every id, and what parts it from the next. */
const maxFormBytes = maxArchiveSelection * 80;

const querySchema = z.object({
  workspace: workspaceIdSchema,
  device: deviceIdSchema,
  name: z.string().max(1024),
  digest: z.string().max(64),
  expires: z.coerce.number().int(),
  signature: z.string().max(64),
});
const formSchema = z.object({
  entries: z
    .string()
    .transform((text) => text.split(" "))
    .pipe(z.array(entryIdSchema).min(1).max(maxArchiveSelection)),
});

/** Files and folders as one zip file. The address is taken by a form, since a browser's download can't send a token and an address can't hold thousands of ids. */
export function archiveRoutes(app: App, context: RouteContext): void {
  const { archive } = context.core;
  app.post(
    "/v1/files/archive_url",
    {
      config: { access: "account", right: "files.read", priority: "extra" },
      bodyLimit: maxFormBytes,
      schema: {
        tags: ["files"],
        summary: "An address that gives files and folders as one zip file, good for 10 minutes",
        body: archiveUrlRequestSchema,
        response: answers(
          archiveUrlResponseSchema,
          "forbidden",
          "not_found",
          "content_quarantined",
          "limit_exceeded",
          "body_too_large",
          ...loginRefusals,
        ),
      },
    },
    async (request) => {
      const { file_ids: entryIds, name } = request.body;
      const { url, members, contentBytes } = await archive.signUrl(callerOf(request), { entryIds, name });
      return { url, entries: members, size: contentBytes };
    },
  );
  app.register(async (scope: App) => downloadRoute(scope, archive));
}

function downloadRoute(app: App, archive: Archive): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    async (_request: FastifyRequest, payload: IncomingMessage) =>
      parse(Buffer.from(await readBody(payload, maxFormBytes)).toString("utf8")),
  );
  app.post(
    archivePath,
    {
      config: { access: "signed-url", right: "files.read", priority: "extra" },
      bodyLimit: maxFormBytes,
      schema: {
        tags: ["files"],
        summary:
          "The zip file, by a signed address; the form's `entries` are the ids that were signed, parted by spaces",
        querystring: querySchema,
        body: formSchema,
        response: rawAnswers(
          "application/zip",
          z.string().meta({ format: "binary" }),
          "url_expired",
          "forbidden",
          "not_found",
          "limit_exceeded",
          "body_too_large",
        ),
      },
    },
    async (request, reply) => {
      if (request.signed?.kind !== "archive") throw new Error("the route was reached without a signature");
      const { claims } = request.signed;
      const { sizeBytes, stream } = await archive.open(callerOf(request), claims, request.body.entries);
      reply.headers({
        "content-type": "application/zip",
        "content-length": sizeBytes,
        "content-disposition": contentDisposition("attachment", claims.name),
      });
      return reply.send(stream);
    },
  );
}

/** @throws url_expired */
export function readSignedArchive(archive: Archive, request: FastifyRequest): SignedAddress {
  const query = querySchema.safeParse(request.query);
  if (!query.success) throw new ProblemError("url_expired");
  const claims = archive.readUrl(query.data);
  return { kind: "archive", deviceId: claims.deviceId, workspaceId: claims.workspaceId, claims };
}
