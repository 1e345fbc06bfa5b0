import { ProblemError } from "@satchel/protocol";
import type { Authenticator } from "../features/identity/authenticator.ts";
import type { App } from "./route-context.ts";

/** The longest `Idempotency-Key`. */
const maxKeyLength = 255;

/**
 * Every request's way to its handler starts here, before its body is read. Rights in a workspace are checked where the workspace is known,
 * by the features (`requireWorkspace`).
 */
export function installAccessControl(app: App, authenticator: Authenticator): void {
  app.addHook("onRoute", ({ url, config }) => {
    if (!config?.access) throw new Error(`the route ${url} doesn't say who may call it`);
  });
  app.decorateRequest("principal", null);
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.access === "account") {
      request.principal = await authenticator.authenticate(request.headers.authorization);
    }
    const key = request.headers["idempotency-key"];
    if (typeof key === "string" && (key.length === 0 || key.length > maxKeyLength)) {
      throw new ProblemError("bad_request", `an Idempotency-Key has 1 to ${maxKeyLength} characters`);
    }
  });
}
