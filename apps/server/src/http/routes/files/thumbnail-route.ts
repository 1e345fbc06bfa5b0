import { entryIdSchema, versionIdSchema } from "@satchel/protocol";
import { z } from "zod";
import { previewSizes } from "../../../features/previews/preview-size.ts";
import { loginRefusals, rawAnswers } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const [small, large] = previewSizes;
const querySchema = z.object({
  file_id: entryIdSchema,
  version_id: versionIdSchema.optional(),
  size: z.enum([`${small}`, `${large}`]).default(`${small}`),
});

/** A file's small picture. Its tag is good for as long as the version is the one that is asked for, so a browser asks and is told that nothing changed. */
export function thumbnailRoute(app: App, { core: { previews } }: RouteContext): void {
  app.route({
    method: "GET",
    url: "/v1/files/thumbnail",
    config: { access: "account", right: "files.read", priority: "extra" },
    schema: {
      tags: ["files"],
      summary: "A small picture of a file, as WebP; nothing where none can be made",
      querystring: querySchema,
      response: {
        ...rawAnswers(
          "image/webp",
          z.string().meta({ format: "binary" }),
          "not_found",
          "content_quarantined",
          ...loginRefusals,
        ),
        204: z.null().meta({ description: "There is no picture of this file" }),
        304: z.null().meta({ description: "The caller has it" }),
      },
    },
    handler: async (request, reply) => {
      const { file_id: id, version_id: versionId, size } = request.query;
      const preview = await previews.open(callerOf(request), {
        id,
        versionId,
        size: size === `${small}` ? small : large,
      });
      const etag = `"${preview.versionId}-${size}"`;
      reply.header("cache-control", "private, no-cache");
      if (request.headers["if-none-match"] === etag) return reply.code(304).header("etag", etag).send(null);
      const picture = await preview.read();
      // Without a tag: there may be one later, once its program is installed.
      if (!picture) return reply.code(204).send(null);
      return reply.headers({ etag, "content-type": "image/webp" }).send(Buffer.from(picture));
    },
  });
}
