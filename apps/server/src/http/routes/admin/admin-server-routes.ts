import type { IncomingMessage } from "node:http";
import { adminServerSchema, maxWayBytes, wayBodyResponseSchema, wayResponseSchema } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import { readBody } from "../../requests/body-parsers.ts";
import { clientAddress } from "../../requests/client-address.ts";
import type { RouteContext } from "../../create-app.ts";
import type { App } from "../../route-context.ts";

const tags = ["admin"];
const config = { access: "account", right: "server.manage" } as const;

/** The server as a whole, and the way to it; for administrators. */
export function adminServerRoutes(app: App, context: RouteContext): void {
  const { core } = context;
  app.get(
    "/v1/admin/server",
    {
      config,
      schema: {
        tags,
        summary: "What the server holds, and the settings in force with their origins",
        response: answers(adminServerSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    async () => {
      const { plainBytes, storedBytes, occupiedBytes } = await core.stores.chunks.statistics();
      return {
        accounts: await core.administration.count(),
        plain_bytes: plainBytes,
        stored_bytes: storedBytes,
        occupied_bytes: occupiedBytes,
        connections: core.hub.connections,
        settings: [...context.settings],
      };
    },
  );
  app.get(
    "/v1/admin/way",
    {
      config,
      schema: {
        tags,
        summary: "How this request came: for finding out what a proxy in front does",
        response: answers(wayResponseSchema, "not_found", "forbidden", ...loginRefusals),
      },
    },
    async (request) => {
      const caller = clientAddress(request.raw, context.trustedProxies);
      const peer = (request.raw.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
      return {
        public_url: context.publicUrl ?? null,
        reached_as: `${request.protocol}://${request.host}`,
        caller_address: caller,
        untrusted_proxy: request.headers["x-forwarded-for"] !== undefined && caller === peer,
      };
    },
  );
  // In a scope of its own: nothing else takes plain bytes.
  void app.register(async (scope: App) => wayBodyRoute(scope));
}

function wayBodyRoute(scope: App): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    "application/octet-stream",
    async (_request: FastifyRequest, payload: IncomingMessage) => (await readBody(payload, maxWayBytes)).length,
  );
  scope.post(
    "/v1/admin/way",
    {
      config,
      bodyLimit: maxWayBytes,
      schema: {
        tags,
        summary: "How much of a body gets through; it is not kept",
        response: answers(wayBodyResponseSchema, "not_found", "forbidden", "body_too_large", ...loginRefusals),
      },
    },
    async (request) => ({ received_bytes: typeof request.body === "number" ? request.body : 0 }),
  );
}
