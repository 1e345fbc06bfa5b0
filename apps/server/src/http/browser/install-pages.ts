import { createOAuthService } from "../../features/oauth/oauth-service.ts";
import { createOutsideSignIn } from "../../features/identity/outside/outside-sign-in.ts";
import type { RouteContext } from "../create-app.ts";
import { assets } from "../pages/assets.ts";
import type { App } from "../route-context.ts";
import { accountPageRoutes } from "./account/account-page-routes.ts";
import { accountFactorRoutes } from "./account/account-factor-routes.ts";
import { interactionRoutes } from "./programs/interactions.ts";
import { oauthPages } from "./programs/oauth-pages.ts";
import { oauthRoutes } from "./programs/oauth-routes.ts";
import { linkPageRoutes } from "./links/link-page-routes.ts";
import { outsideRoutes } from "./sign-in/outside-routes.ts";
import type { PageContext } from "./page-context.ts";
import { preparePageScope } from "./page-scope.ts";
import { signInRoutes } from "./sign-in/sign-in-routes.ts";
import { selfServiceRoutes } from "./sign-in/self-service-routes.ts";
import { setUpRoutes } from "./set-up-routes.ts";
import { findSignedIn } from "./signed-in.ts";

const assetCache = "public, max-age=31536000, immutable";

/** Adds what people open in a browser, and the OAuth provider that sends them there. */
export async function installPages(app: App, route: RouteContext): Promise<void> {
  const { core } = route;
  const { metadata } = core.stores;
  const oauth = createOAuthService({
    store: metadata.oauth,
    identity: metadata.identity,
    keys: core.keys,
    host: core.host,
    audit: core.audit,
    onRevoked: (deviceId) => core.bus.publish({ kind: "device_revoked", deviceId }),
    pages: {
      ...oauthPages(route.publicUrl),
      signedInAccount: async (request) => (await findSignedIn(context, request))?.account.id,
    },
  });
  const outside =
    core.outsideProvider &&
    createOutsideSignIn({ ...core.outsideProvider, store: metadata.signIn, host: core.host, audit: core.audit });
  const context: PageContext = { ...route, oauth, outside };
  for (const asset of Object.values(assets)) {
    app.get(asset.path, { config: { access: "page" }, schema: { hide: true } }, (_request, reply) =>
      reply.headers({ "content-type": asset.mediaType, "cache-control": assetCache }).send(asset.bytes),
    );
  }
  await app.register(async (scope: App) => oauthRoutes(scope, context));
  await app.register(async (scope: App) => {
    preparePageScope(scope, context);
    for (const install of pageRoutes) install(scope, context);
  });
}

const pageRoutes = [
  setUpRoutes,
  signInRoutes,
  interactionRoutes,
  selfServiceRoutes,
  accountPageRoutes,
  accountFactorRoutes,
  outsideRoutes,
  linkPageRoutes,
] as const;
