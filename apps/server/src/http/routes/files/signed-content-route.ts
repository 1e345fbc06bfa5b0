import {
  contentUrlRequestSchema,
  contentUrlResponseSchema,
  deviceIdSchema,
  entryIdSchema,
  ProblemError,
  versionIdSchema,
  workspaceOfEntry,
} from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Content } from "../../../features/files/content.ts";
import { answers, loginRefusals, rawAnswers, withParts } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";
import type { SignedAddress } from "../../requests/signed-address.ts";
import { sendContent } from "../../answers/send-content.ts";

/** Where signed addresses of contents lie. */
export const signedContentPath = "/v1/content/:file_id";

const paramsSchema = z.object({ file_id: entryIdSchema });
const querySchema = z.object({
  version: versionIdSchema,
  device: deviceIdSchema,
  disposition: z.enum(["attachment", "inline"]).default("attachment"),
  expires: z.coerce.number().int(),
  signature: z.string().max(64),
});

/** Addresses of contents, for what can send no token: downloads, pictures and players of a browser. */
export function signedContentRoutes(app: App, { core: { content } }: RouteContext): void {
  app.post(
    "/v1/files/content_url",
    {
      config: { access: "account", right: "files.read" },
      schema: {
        tags: ["files"],
        summary: "An address of a file's bytes that needs no token, good for 10 minutes",
        body: contentUrlRequestSchema,
        response: answers(contentUrlResponseSchema, "not_found", "content_quarantined", ...loginRefusals),
      },
    },
    async (request) => {
      const { file_id: id, version_id: versionId, disposition = "attachment" } = request.body;
      const url = await content.signUrl(callerOf(request), { id, versionId }, disposition);
      return { url };
    },
  );
  app.route({
    method: ["GET", "HEAD"],
    url: signedContentPath,
    config: { access: "signed-url", right: "files.read" },
    schema: {
      tags: ["files"],
      summary: "A file's bytes, by a signed address; takes a Range",
      params: paramsSchema,
      querystring: querySchema,
      response: withParts(
        rawAnswers(
          "application/octet-stream",
          z.string().meta({ format: "binary" }),
          "url_expired",
          "not_found",
          "range_not_satisfiable",
        ),
      ),
    },
    handler: async (request, reply) => {
      if (request.signed?.kind !== "content") throw new Error("the route was reached without a signature");
      const { fileId, versionId, disposition } = request.signed.claims;
      const file = await content.open(callerOf(request), { id: fileId, versionId });
      return sendContent(file, { request, reply, disposition });
    },
  });
}

/** @throws url_expired */
export function readSignedContent(content: Content, request: FastifyRequest): SignedAddress {
  const params = paramsSchema.safeParse(request.params);
  const query = querySchema.safeParse(request.query);
  if (!params.success || !query.success) throw new ProblemError("url_expired");
  const claims = content.readUrl({ fileId: params.data.file_id, query: query.data });
  return { kind: "content", deviceId: claims.deviceId, workspaceId: workspaceOfEntry(claims.fileId), claims };
}
