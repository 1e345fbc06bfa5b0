import { doneResponseSchema, linkRequestSchema, linksResponseSchema, newLinkSchema } from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import { visitOf } from "../../browser/visit.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["sharing"];

/** Addresses for people without an account; what they see is in `browser/links`. */
export function linkRoutes(app: App, { core: { links }, publicUrl }: RouteContext): void {
  app.post(
    "/v1/links",
    {
      config: { access: "account", right: "files.write", checksAnswers: true },
      schema: {
        tags,
        summary: "Makes an address that shows a file or folder to whoever has it",
        body: linkRequestSchema,
        response: answers(newLinkSchema, "not_found", "forbidden", "limit_exceeded", ...loginRefusals),
      },
    },
    async (request) => {
      const { entry_id: entryId, kind, password, starts, expires, max_downloads: maxDownloads } = request.body;
      const wish = { entryId, kind, password, starts, expires, maxDownloads };
      const { token, ...link } = await links.create(callerOf(request), wish);
      return { ...link, url: `${visitOf(request.raw, publicUrl).baseUrl}/s/${token}` };
    },
  );
  app.get(
    "/v1/links",
    {
      config: { access: "account", right: "account.read", checksAnswers: true },
      schema: { tags, summary: "The account's links", response: answers(linksResponseSchema, ...loginRefusals) },
    },
    async (request) => ({ links: await links.list(callerOf(request)) }),
  );
  app.delete(
    "/v1/links/:link_id",
    {
      config: { access: "account", right: "account.manage", checksAnswers: true },
      schema: {
        tags,
        summary: "Revokes a link: its next request finds nothing",
        params: z.object({ link_id: z.string().max(64) }),
        response: answers(doneResponseSchema, "not_found", ...loginRefusals),
      },
    },
    async (request) => {
      await links.revoke(callerOf(request), request.params.link_id);
      return { success: true } as const;
    },
  );
}
