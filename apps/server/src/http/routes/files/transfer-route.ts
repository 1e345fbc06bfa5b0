import { transferRequestSchema, transferResponseSchema } from "@satchel/protocol";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, repeatableOf, type App } from "../../route-context.ts";

const refusals = [
  "bad_request",
  "not_found",
  "name_taken",
  "share_nested",
  "limit_exceeded",
  "quota_exceeded",
  "content_quarantined",
  "key_reused",
] as const;

/** Moves over the border of a shared folder. */
export function transferRoute(app: App, { core: { overBorder } }: RouteContext): void {
  app.post(
    "/v1/files/transfer",
    {
      config: { access: "account", right: "files.write", checksAnswers: true },
      schema: {
        tags: ["files"],
        summary: "Takes an entry, with all in it and all versions, into a folder of another workspace",
        body: transferRequestSchema,
        response: answers(transferResponseSchema, ...refusals, ...loginRefusals),
      },
    },
    async (request) => {
      const { file_id: id, parent_folder_id: parentId, name } = request.body;
      const moved = await overBorder.transfer(callerOf(request), {
        id,
        parentId,
        name,
        repeatable: repeatableOf(request),
      });
      return { file_id: moved.id, path: moved.path };
    },
  );
}
