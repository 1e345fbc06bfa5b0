import { z } from "zod";
import { requireReady } from "../../../features/operations/readiness.ts";
import { answers, rawAnswers } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import type { App } from "../../route-context.ts";

const tags = ["operations"];
const okSchema = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

export function operationRoutes(app: App, { core, isStopping }: RouteContext): void {
  app.get(
    "/healthz",
    {
      config: { access: "public", role: "any" },
      schema: { tags, summary: "The process answers", response: answers(okSchema) },
    },
    async () => ({ status: "ok" as const }),
  );
  app.get(
    "/readyz",
    {
      config: { access: "public", role: "any" },
      schema: { tags, summary: "The server can do its work", response: answers(okSchema, "unavailable") },
    },
    async () => {
      await requireReady(core.stores, isStopping());
      return { status: "ok" as const };
    },
  );
  app.get(
    "/metrics",
    {
      config: { access: "public", role: "any" },
      schema: { tags, summary: "Measurements, for Prometheus", response: rawAnswers("text/plain", z.string()) },
    },
    async (_request, reply) => {
      const { contentType, text } = await core.metrics.render();
      return reply.header("content-type", contentType).send(text);
    },
  );
}
