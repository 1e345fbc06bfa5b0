import { ProblemError } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import type { RouteContext } from "../create-app.ts";
import { callerOf, type App } from "../route-context.ts";
import { capabilities, serverStatus } from "./told-capabilities.ts";

/** What programs ask about server and account, in the envelope that they expect. The second version of it has HTTP's own number for success. */
export function ocsRoutes(app: App, { core }: RouteContext): void {
  const config = { access: "account", right: "files.read" } as const;
  const { identity, ledger } = core.dav.metadata;
  app.get("/status.php", { config: { access: "public" }, schema: { hide: true } }, async () => serverStatus);
  app.get("/index.php/204", { config: { access: "public" }, schema: { hide: true } }, async (_request, reply) =>
    reply.code(204).send(),
  );
  for (const version of ["v1", "v2"] as const) {
    const answer = (data: unknown) => envelope(version, data);
    app.get(`/ocs/${version}.php/cloud/capabilities`, { config, schema: { hide: true } }, async () =>
      answer(capabilities),
    );
    app.get(`/ocs/${version}.php/cloud/user`, { config, schema: { hide: true } }, async (request: FastifyRequest) => {
      const { accountId, rootWorkspaceId } = callerOf(request);
      const [account, room] = await Promise.all([identity.findAccount(accountId), ledger.room(rootWorkspaceId)]);
      if (!account) throw new ProblemError("login_revoked");
      return answer(describeUser({ ...account, ...room }));
    });
  }
}

function envelope(version: "v1" | "v2", data: unknown) {
  return { ocs: { meta: { status: "ok", statuscode: version === "v1" ? 100 : 200, message: "OK" }, data } };
}

/** A limit that isn't there is told as -3, as these programs have it. No address: whoever may only read files isn't told it. */
function describeUser(user: { readonly name: string; readonly usedBytes: number; readonly quotaBytes: number | null }) {
  const { name, usedBytes, quotaBytes } = user;
  const free = quotaBytes === null ? -3 : Math.max(0, quotaBytes - usedBytes);
  return {
    id: name,
    enabled: true,
    "display-name": name,
    displayname: name,
    quota: { used: usedBytes, free, quota: quotaBytes ?? -3, total: quotaBytes ?? -3, relative: 0 },
    groups: [],
  };
}
