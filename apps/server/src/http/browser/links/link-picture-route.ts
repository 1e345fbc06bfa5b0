import { ProblemError } from "@satchel/protocol";
import { largePreview, previewSizes } from "../../../features/previews/preview-size.ts";
import type { App } from "../../route-context.ts";
import type { PageContext } from "../page-context.ts";
import { queryOf } from "../page-scope.ts";
import { requireFileId } from "./file-of-link.ts";
import { openLink, requireUnlocked } from "./open-link.ts";

const page = { config: { access: "page", priority: "extra" }, schema: { hide: true } } as const;
const [small] = previewSizes;

/** What files of a link look like: small for its lists, and large (`?size=1024`) for what browsers can't show. Not kept: a link may end at any time. */
export function linkPictureRoute(app: App, context: PageContext): void {
  app.get("/s/:token/picture/:file_id", page, async (request, reply) => {
    const open = requireUnlocked(await openLink(context, request, reply));
    const size = queryOf(request, "size") === `${largePreview}` ? largePreview : small;
    const { read, versionId } = await context.core.linkVisits.picture(open, requireFileId(request), size);
    const etag = `"${versionId}-${size}"`;
    reply.header("cache-control", "private, no-cache");
    if (request.headers["if-none-match"] === etag) return reply.code(304).header("etag", etag).send(null);
    const picture = await read();
    if (!picture) throw new ProblemError("not_found");
    return reply.headers({ etag, "content-type": "image/webp" }).send(Buffer.from(picture));
  });
}
