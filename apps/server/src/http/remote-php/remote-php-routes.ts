import { ProblemError } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import { DavError } from "../../features/dav/dav-error.ts";
import type { RouteContext } from "../create-app.ts";
import { pathBelow } from "../browser/below-path.ts";
import type { DavContext } from "../dav/dav-context.ts";
import { prepareDavScope, serveTree } from "../dav/serve-tree.ts";
import { callerOf, type App } from "../route-context.ts";
import { compatibleDialect } from "./compatible-dialect.ts";
import { uploadRoutes } from "./upload-routes.ts";

/** Where the tree is for programs that know no account's name, and for those that do. */
const plainRoot = "/remote.php/webdav";
const treesRoot = "/remote.php/dav/files";

/** The account's tree where the sync clients of another server's family look for it: docs/spec/webdav.md, WD20 and on. */
export function remotePhpRoutes(app: App, { core, publicUrl }: RouteContext): void {
  const below = pathBelow(publicUrl);
  const addressOf = (request: FastifyRequest) => {
    const root = rootOf(request);
    return { root, base: below + root };
  };
  prepareDavScope(app, (request) => addressOf(request).base);
  app.addHook("preHandler", async (request) => {
    if (request.routeOptions.config.access !== "account") return;
    refuseOldParts(request);
    await requireOwnName(core.dav, request);
  });
  const contextOf = (request: FastifyRequest): DavContext => ({
    ...core.dav,
    ...addressOf(request),
    dialect: compatibleDialect,
  });
  serveTree(app, {
    urls: [plainRoot, `${plainRoot}/*`, `${treesRoot}/:user`, `${treesRoot}/:user/*`],
    contextOf,
  });
  uploadRoutes(app, contextOf);
}

/** Of an upload it is the tree that it is for. */
function rootOf({ raw, params }: FastifyRequest): string {
  const [path = ""] = (raw.url ?? "").split("?", 1);
  const [, , kind, , user] = path.split("/");
  if (kind === "webdav") return plainRoot;
  const { user: known } = params as { readonly user?: string };
  return known === undefined ? treesRoot : `${treesRoot}/${user ?? ""}`;
}

/**
 * The first way to send files in parts looks like whole files with odd names to a server that doesn't know it, and makes them one by one: a program that tries it must hear that it isn't there. [WD23] @throws 501
 */
function refuseOldParts({ method, headers }: FastifyRequest): void {
  if (method === "PUT" && headers["oc-chunked"] !== undefined)
    throw new DavError(501, "files in parts go to /remote.php/dav/uploads");
}

/** @throws not_found for the tree of another account, as where none is */
async function requireOwnName({ metadata }: RouteContext["core"]["dav"], request: FastifyRequest): Promise<void> {
  const { user } = request.params as { readonly user?: string };
  if (user === undefined) return;
  const account = await metadata.identity.findAccount(callerOf(request).accountId);
  if (account?.name.toLowerCase() !== user.toLowerCase())
    throw new ProblemError("not_found", "there is nothing at this address");
}
