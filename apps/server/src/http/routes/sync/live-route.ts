import { livePath, liveQuerySchema, ProblemError } from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

/** What joining a session needs; typing takes `files.write` besides. */
export const liveRight = "files.read";

/** The plain side of live sessions: says whether a WebSocket may be opened. */
export function liveRoute(app: App, { core }: RouteContext): void {
  app.get(
    livePath,
    {
      config: { access: "account", right: liveRight },
      schema: {
        tags: ["live"],
        summary: "A WebSocket that takes part in editing a text live",
        description: "Messages are Yjs updates and awareness. See docs/spec/live.md.",
        querystring: liveQuerySchema,
        response: answers(z.unknown(), "not_found", "unavailable", ...loginRefusals),
      },
    },
    async (request) => {
      await core.live.requireOpenable(callerOf(request), request.query.file_id);
      throw new ProblemError("bad_request", "open a WebSocket here");
    },
  );
}
