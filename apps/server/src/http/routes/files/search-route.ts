import { searchQuerySchema, searchResponseSchema } from "@satchel/protocol";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

/** Files and folders by name and contents: in the caller's own folder and in what is mounted there. */
export function searchRoute(app: App, { core: { search } }: RouteContext): void {
  app.get(
    "/v1/search",
    {
      config: { access: "account", right: "files.read", checksAnswers: true, priority: "extra" },
      schema: {
        tags: ["files"],
        summary: "The account's files and folders by name and contents, best first",
        querystring: searchQuerySchema,
        response: answers(searchResponseSchema, "not_found", "unavailable", ...loginRefusals),
      },
    },
    (request) => {
      const { q, kind, min_size, max_size, modified_after, modified_before, folder_id, ...others } = request.query;
      return search.find(callerOf(request), {
        text: q,
        kinds: kind,
        size: { from: min_size, to: max_size },
        modified: { from: modified_after, to: modified_before },
        folder: folder_id,
        owner: others.owner,
        shared: others.shared,
        cursor: others.cursor,
        limit: others.limit,
      });
    },
  );
}
