import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Caller } from "../features/authorisation/authorisation.ts";
import type { Right } from "../features/authorisation/right.ts";
import type { Role } from "../features/roles/role.ts";
import type { RepeatableRequest } from "../features/sync/idempotency.ts";
import type { SignedAddress } from "./requests/signed-address.ts";

/**
 * Who may call a route: anybody; anybody with a browser (a page, or what a page sends; who is signed in there tells a cookie); whoever signed in; or whoever has its address, which the server signed. The last two
 * state the right that they need, which is checked before a byte of the body is read.
 */
export type Access = "public" | "page" | "account" | "signed-url";

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** A route with what it states about its callers. */
export interface StatedRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  readonly right: Right | undefined;
}

declare module "fastify" {
  interface FastifyInstance {
    /** Every route, in the order of their registration. */
    routeTable: readonly StatedRoute[];
  }
  interface FastifyContextConfig {
    /** Every route says it; one that doesn't can't be registered. */
    access?: Access;
    /** What the caller has to be allowed. Every route that isn't public states it. */
    right?: Right;
    /** Which process answers; `api` if left out. */
    role?: Role | "any";
    /** A way to sign in, which an address may try less often. */
    signsIn?: boolean;
    /** Answers are checked against their schema. For what others script against; not where it would cost. */
    checksAnswers?: boolean;
  }
  interface FastifyRequest {
    caller: Caller | null;
    /** What the address gives the right to, on a route with `access: "signed-url"`. */
    signed: SignedAddress | null;
    /** SHA-256 of the body, for a request with an `Idempotency-Key`. */
    bodyHash: string | null;
    /** What followed the head, in a request that was a frame. */
    frameBody: Uint8Array | null;
  }
}

/** Who makes the request, with the right that the route stated, on a route that isn't public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error("the route was reached without authentication");
  return request.caller;
}

/** The request's `Idempotency-Key`, if it has one, with what it asked for. */
export function repeatableOf(request: FastifyRequest): RepeatableRequest | undefined {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string") return undefined;
  return { key, fingerprint: [request.method, request.routeOptions.url, request.bodyHash].join(" ") };
}
