import type { RouteContext } from "../create-app.ts";
import type { App } from "../route-context.ts";
import { pathBelow } from "../browser/below-path.ts";
import { davRoot } from "./dav-address.ts";
import { prepareDavScope, serveTree } from "./serve-tree.ts";

/** The account's tree by WebDAV (RFC 4918, classes 1, 2 and 3): docs/spec/webdav.md. */
export function davRoutes(app: App, { core, publicUrl }: RouteContext): void {
  const base = pathBelow(publicUrl) + davRoot;
  prepareDavScope(app, () => base);
  const context = { ...core.dav, root: davRoot, base, dialect: undefined };
  serveTree(app, { urls: [davRoot, `${davRoot}/*`], contextOf: () => context });
}
