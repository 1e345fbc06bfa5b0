import { ProblemError } from "@satchel/protocol";
import { currentOrigin } from "../../features/audit/request-origin.ts";
import type { RateLimits } from "../../features/rate-limit/rate-limits.ts";
import type { App } from "../route-context.ts";

/** Before who it is is asked: an address that asks too often, and bodies that would have to be unpacked, go no further. */
export function installAddressLimits(app: App, limits: RateLimits): void {
  app.addHook("onRequest", async (request) => {
    const address = currentOrigin()?.address ?? "";
    await limits.admitAddress(address);
    if (request.routeOptions.config.signsIn) await limits.admitSignIn(address);
    const encoding = request.headers["content-encoding"];
    // Nothing that comes is unpacked, so that a small body can't become a large one.
    if (encoding !== undefined && encoding !== "identity")
      throw new ProblemError("unsupported_media_type", "send the body without Content-Encoding");
  });
}

/** After who it is is known. */
export function installCallerLimits(app: App, limits: RateLimits): void {
  app.addHook("onRequest", async ({ caller }) => {
    if (caller) await limits.admitCaller(caller);
  });
}
