import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Principal } from "../features/identity/principal.ts";
import type { RepeatableRequest } from "../features/sync/idempotency.ts";

/**
 * Who may call a route: anybody; whoever signed in; or whoever has its address, which the server signed (the handler's first step is
 * then to check the signature, before it reads a byte of the body).
 */
export type Access = "public" | "account" | "signed-url";

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route says it; one that doesn't can't be registered. */
    access?: Access;
    /** Answers are checked against their schema. For what others script against; not where it would cost. */
    checksAnswers?: boolean;
  }
  interface FastifyRequest {
    principal: Principal | null;
    /** SHA-256 of the body, for a request with an `Idempotency-Key`. */
    bodyHash: string | null;
    /** What followed the head, in a request that was a frame. */
    frameBody: Uint8Array | null;
  }
}

/** Who makes the request, on a route with `access: "account"`. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Error("the route was reached without authentication");
  return request.principal;
}

/** The request's `Idempotency-Key`, if it has one, with what it asked for. */
export function repeatableOf(request: FastifyRequest): RepeatableRequest | undefined {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string") return undefined;
  return { key, fingerprint: [request.method, request.routeOptions.url, request.bodyHash].join(" ") };
}
