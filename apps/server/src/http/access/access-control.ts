import { ProblemError } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import type { Authorisation } from "../../features/authorisation/authorisation.ts";
import { rights } from "../../features/authorisation/right.ts";
import type { SignedAddress } from "../requests/signed-address.ts";
import type { Authenticator } from "../../features/identity/authenticator.ts";
import { readPast } from "../requests/body-parsers.ts";
import type { App, StatedRoute } from "../route-context.ts";

/** The longest `Idempotency-Key`. */
const maxKeyLength = 255;

interface AccessParts {
  readonly authenticator: Authenticator;
  readonly authorisation: Authorisation;
  /** What a signed address gives the right to. @throws url_expired */
  readonly readSignedUrl: (request: FastifyRequest) => SignedAddress;
}

/**
 * Every request's way to its handler starts here, before its body is read: who is it, and has it the right that the route states? Rights in a workspace are
 * decided where the request names it, by the same {@link Authorisation}.
 */
export function installAccessControl(app: App, parts: AccessParts): void {
  const table: StatedRoute[] = [];
  app.decorate("routeTable", table);
  app.addHook("onRoute", ({ url, method, config }) => {
    if (!config?.access) throw new Error(`the route ${url} doesn't say who may call it`);
    const needsRight = config.access === "account" || config.access === "signed-url";
    if (needsRight !== (config.right !== undefined))
      throw new Error(
        `the route ${url} ${needsRight ? "doesn't say which right it needs" : "is public, and states a right"}`,
      );
    for (const one of [method].flat()) table.push({ method: one, url, access: config.access, right: config.right });
    if (config.access === "signed-url" && config.right && rights[config.right].in !== "workspace")
      throw new Error(`the signed route ${url} needs a right in a workspace`);
  });
  app.decorateRequest("caller", null);
  app.decorateRequest("signed", null);
  app.addHook("onRequest", async (request) => {
    const { access, right } = request.routeOptions.config;
    if (access === "account" && right !== undefined) {
      const principal = await parts.authenticator.authenticate(request.headers.authorization);
      request.caller = parts.authorisation.requireRight(principal, right);
    }
    if (access === "signed-url") await admitSigned(parts, request);
    requireProperKey(request);
  });
}

/** An address is good while the device that it was made for may use the workspace. @throws url_expired */
async function admitSigned({ authenticator, authorisation, readSignedUrl }: AccessParts, request: FastifyRequest) {
  const { right } = request.routeOptions.config;
  if (right === undefined) throw new Error("a signed route without a right was registered");
  try {
    const signed = readSignedUrl(request);
    const caller = authorisation.requireRight(await authenticator.principalOn(signed.deviceId), right);
    await authorisation.requireWorkspace(caller, signed.workspaceId);
    request.caller = caller;
    request.signed = signed;
  } catch (error) {
    await readPast(request.raw);
    // Why an address is no good any more is nobody's business.
    throw error instanceof ProblemError ? new ProblemError("url_expired") : error;
  }
}

function requireProperKey({ headers }: FastifyRequest): void {
  const key = headers["idempotency-key"];
  if (typeof key === "string" && (key.length === 0 || key.length > maxKeyLength))
    throw new ProblemError("bad_request", `an Idempotency-Key has 1 to ${maxKeyLength} characters`);
}
