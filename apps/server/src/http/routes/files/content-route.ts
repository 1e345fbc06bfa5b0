import { entryIdSchema, versionIdSchema } from "@satchel/protocol";
import { z } from "zod";
import { loginRefusals, rawAnswers, withParts } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";
import { sendContent } from "../../answers/send-content.ts";

/** A whole file or a part of it, read from the store no faster than the caller takes it. */
export function contentRoute(app: App, { core: { content } }: RouteContext): void {
  app.route({
    method: "GET",
    url: "/v1/files/content",
    config: { access: "account", right: "files.read" },
    schema: {
      tags: ["files"],
      summary: "A file's bytes; takes a Range",
      querystring: z.object({ file_id: entryIdSchema, version_id: versionIdSchema.optional() }),
      response: contentAnswers,
    },
    handler: async (request, reply) => {
      const file = await content.open(callerOf(request), {
        id: request.query.file_id,
        versionId: request.query.version_id,
      });
      return sendContent(file, { request, reply, disposition: "attachment" });
    },
  });
}

const contentAnswers = withParts(
  rawAnswers(
    "application/octet-stream",
    z.string().meta({ format: "binary" }),
    "not_found",
    "content_quarantined",
    "range_not_satisfiable",
    ...loginRefusals,
  ),
);
