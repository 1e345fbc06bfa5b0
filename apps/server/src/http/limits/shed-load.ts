import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Metrics } from "../../features/operations/metrics.ts";
import { createAdmission, type Priority } from "../../features/overload/admission.ts";
import type { App } from "../route-context.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** When it is sent away where there is too much to do. Left out: what changes something is a `commit`, what doesn't a `listing`. `waits`: it is nothing to do, and is never sent away. */
    priority?: Priority | "waits";
  }
  interface FastifyRequest {
    /** Ends its being in hand. */
    endInHand: (() => void) | null;
  }
}

const readingMethods = new Set(["GET", "HEAD", "OPTIONS", "PROPFIND"]);

/** Sends requests away before anything else of them is looked at, while there is too much to do. One is in hand from when its body is there until its answer begins: slow lines take nothing from others. */
export function installLoadShedding(
  app: App,
  { maxRequests, metrics }: { maxRequests: number; metrics: Metrics },
): void {
  const admission = createAdmission({
    maxInHand: maxRequests,
    random: Math.random,
    onChange: (inHand) => metrics.requestsInHand.set(inHand),
    onShed: (priority) => metrics.shedRequests.inc({ priority }),
  });
  app.decorateRequest("endInHand", null);
  app.addHook("onRequest", (request, _reply, done) => {
    const priority = priorityOf(request);
    try {
      if (priority !== "waits") admission.admit(priority);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  const begin = (request: FastifyRequest, reply: FastifyReply): void => {
    if (reply.raw.headersSent || reply.raw.destroyed) return;
    const end = admission.begin();
    request.endInHand = end;
    // Whoever goes away gets no answer that could begin.
    reply.raw.once("close", end);
  };
  app.addHook("preHandler", (request, reply, done) => {
    // What the handler reads as it comes counts once it has come: however many send slowly, they are no work.
    if (request.body instanceof Readable) request.raw.once("end", () => begin(request, reply));
    else if (priorityOf(request) !== "waits") begin(request, reply);
    done();
  });
  app.addHook("onSend", (request, _reply, payload, done) => {
    request.endInHand?.();
    done(null, payload);
  });
}

/** Whether a server is well is asked when it isn't. */
function priorityOf({ method, routeOptions }: FastifyRequest): Priority | "waits" {
  const { role, priority } = routeOptions.config;
  if (role === "any") return "waits";
  return priority ?? (readingMethods.has(method) ? "listing" : "commit");
}
