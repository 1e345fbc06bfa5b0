import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Metrics } from "../../features/operations/metrics.ts";
import type { App } from "../route-context.ts";

const requestIdPattern = /^[\w.:-]{1,64}$/;

/** The id that the caller gave the request, if it is one, else a new one. It comes back in the answer and stands in every log line. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && requestIdPattern.test(given) ? given : randomUUID();
}

/** Logs and measures each request by its route's pattern: addresses and bodies hold names of files, tokens and signatures, and are never logged. */
export function installRequestLog(app: App, metrics: Metrics): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? "unknown";
    const status = reply.statusCode;
    const durationMs = Math.round(reply.elapsedTime * 100) / 100;
    metrics.requestSeconds.observe({ method, route, status: String(status) }, reply.elapsedTime / 1000);
    request.log.info({ method, route, status, durationMs }, "request");
  });
}
