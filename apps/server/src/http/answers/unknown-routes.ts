import { ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerProblem } from "./problem-answers.ts";
import type { App } from "../route-context.ts";

interface KnownRoute {
  readonly pattern: RegExp;
  readonly method: string;
}

/** Remembers each route that is registered after it. */
export function watchRoutes(app: App): readonly KnownRoute[] {
  const known: KnownRoute[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    const pattern = new RegExp(
      `^${url
        .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
        .replaceAll(/:\w+/g, "[^/]+")
        .replace(/\\\*$/, ".*")}$`,
    );
    for (const one of [method].flat()) known.push({ pattern, method: one });
  });
  return known;
}

/** Tells a wrong method, with the right ones, from an address that there isn't. */
export function answerUnknownRoute(known: readonly KnownRoute[]) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [path = ""] = request.url.split("?");
    const methods = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (methods.length === 0)
      return answerProblem(new ProblemError("not_found", "there is nothing at this address"), request, reply);
    reply.header("allow", methods.join(", "));
    return answerProblem(new ProblemError("method_not_allowed"), request, reply);
  };
}
