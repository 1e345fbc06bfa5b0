import { ProblemError } from "@satchel/protocol";
import type { Role } from "../../features/roles/role.ts";
import type { App } from "../route-context.ts";

/** A load balancer that sent it here finds another process at the next try. */
const retryAfterSeconds = 1;

/** Sends away what isn't this process's, before anything else about it is looked at. Routes are `api`'s unless they say otherwise. */
export function installRoles(app: App, roles: ReadonlySet<Role>): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const { role = "api" } = request.routeOptions.config;
    if (role === "any" || roles.has(role)) return done();
    const detail = `this process does not have the role ${role}: ask another`;
    done(new ProblemError("unavailable", detail, { retryAfterSeconds }));
  });
}
