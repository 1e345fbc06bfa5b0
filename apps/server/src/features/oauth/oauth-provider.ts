import { createSecretKey } from "node:crypto";
import type { AccountId, DeviceId } from "@satchel/protocol";
import type { Configuration, KoaContextWithOIDC, Provider, interactionPolicy } from "oidc-provider";
import type { Host } from "../../host.ts";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { OAuthStore } from "../../storage/metadata/oauth-store.ts";
import { accessTokenSeconds } from "../identity/access-token.ts";
import type { ServerKeys } from "../identity/server-keys.ts";
import { idTokenKey } from "./id-token-key.ts";
import { createOAuthAdapter } from "./oauth-adapter.ts";
import { ownClients, rightsFor } from "./oauth-clients.ts";
import type { OAuthPages, RenderedPage } from "./oauth-pages.ts";
import { identityScopes } from "./oauth-scopes.ts";
import { apiAudience, tokenAlgorithm } from "./oauth-token.ts";

export interface OAuthProviderParts {
  readonly store: OAuthStore;
  readonly identity: IdentityStore;
  readonly keys: ServerKeys;
  readonly host: Host;
  readonly onRevoked: (deviceId: DeviceId) => void;
  readonly pages: OAuthPages;
}

const minuteSeconds = 60;
const daySeconds = 24 * 3600;

/** Where the provider answers. `/device` is what people type. */
export const oauthRoutes = {
  authorization: "/oauth/authorize",
  token: "/oauth/token",
  device_authorization: "/oauth/device_authorization",
  code_verification: "/device",
  jwks: "/oauth/jwks",
  revocation: "/oauth/revoke",
} as const;

/** Where people go on with a sign-in that a program has begun. */
export const interactionPath = "/sign-in/continue";

/**
 * The OAuth 2.1 and OpenID Connect provider at one address, for programs. A grant's id is the id of the device that it is. The library is loaded when it is needed first: most servers start, and all commands
 * run, without it.
 */
export async function createOAuthProvider(issuer: string, parts: OAuthProviderParts): Promise<Provider> {
  const library = await import("oidc-provider");
  const provider = new library.Provider(issuer, configuration(issuer, parts, library.interactionPolicy));
  // The address is known, and is not what a caller says that it is: whoever hands requests over names it.
  provider.proxy = true;
  provider.use(async (context, next) => {
    try {
      await next();
    } catch (error) {
      // A form that comes without the session that it was shown in is refused by a page; then the library fails to save the session that there isn't.
      const isAnswered = context.body !== undefined && context.status < 500;
      if (!isAnswered || !(error instanceof TypeError) || !error.message.includes("previously persisted")) throw error;
    }
  });
  return provider;
}

function configuration(issuer: string, parts: OAuthProviderParts, policies: PolicyLibrary): Configuration {
  const { keys, pages } = parts;
  const below = new URL(issuer).pathname.replace(/\/$/, "");
  return {
    adapter: createOAuthAdapter(parts),
    clients: ownClients(issuer),
    jwks: { keys: [idTokenKey(keys.idToken)] },
    findAccount: async (_context, id) => {
      const account = await parts.identity.findAccount(id as AccountId);
      if (!account || account.disabledAtMs !== null) return undefined;
      const { name, email, emailConfirmed } = account;
      const claims = { sub: id, preferred_username: name, name, email, email_verified: emailConfirmed };
      return { accountId: id, claims: async () => claims };
    },
    claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email", "email_verified"] },
    // There is no userinfo endpoint, so the ID token tells what was granted.
    conformIdTokenClaims: false,
    scopes: [...identityScopes],
    responseTypes: ["code"],
    pkce: { required: () => true },
    extraParams: ["device_name"],
    rotateRefreshToken: true,
    extraTokenClaims: (_context, token) => ("grantId" in token ? { device_id: token.grantId } : undefined),
    // Each sign-in of a program is a device of its own, which can be revoked by itself.
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : await oidc.provider.Grant.find(grantId);
    },
    clientBasedCORS: (_context, origin, client) =>
      (client.redirectUris ?? []).some((uri) => URL.canParse(uri) && new URL(uri).origin === origin),
    cookies: {
      keys: [Buffer.from(keys.oauthCookie).toString("base64url")],
      long: { httpOnly: true, sameSite: "lax", signed: true, path: below === "" ? "/" : below },
      short: { httpOnly: true, sameSite: "lax", signed: true },
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: minuteSeconds,
      IdToken: 10 * minuteSeconds,
      DeviceCode: 10 * minuteSeconds,
      Interaction: 60 * minuteSeconds,
      Session: daySeconds,
      Grant: 90 * daySeconds,
      RefreshToken: 90 * daySeconds,
    },
    routes: oauthRoutes,
    interactions: {
      policy: policyOf(pages, policies),
      url: (_context, { uid }) => `${below}${interactionPath}/${uid}`,
    },
    features: features(parts),
    renderError: (context, { error, error_description: description }) =>
      show(context, pages.failed(context.req, { code: error, description: description ?? "" })),
  };
}

type PolicyLibrary = typeof interactionPolicy;

/** The provider's own session is worth nothing by itself: people are signed in where our pages say so. */
function policyOf(pages: OAuthPages, { base, Check }: PolicyLibrary) {
  const policy = base();
  policy.get("login")?.checks.add(
    new Check("signed_out", "the browser is not signed in", async ({ oidc, req }) => {
      const accountId = await pages.signedInAccount(req);
      return accountId === undefined || accountId !== oidc.session?.accountId;
    }),
  );
  return policy;
}

function features({ keys, pages }: OAuthProviderParts): NonNullable<Configuration["features"]> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    // Whoever has a token may end it, but for a client that it isn't.
    revocation: { enabled: true, allowedPolicy: async (_context, client, token) => token.clientId === client.clientId },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => apiAudience,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, _resource, client) => ({
        audience: apiAudience,
        scope: rightsFor(client.clientId).join(" "),
        accessTokenTTL: accessTokenSeconds,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: tokenAlgorithm, key: createSecretKey(keys.oauthToken) } },
      }),
    },
    deviceFlow: {
      enabled: true,
      mask: "****-****",
      userCodeInputSource: async (context, _form, _out, error) =>
        show(context, pages.enterCode(context.req, formOf(context), problemOf(error))),
      userCodeConfirmSource: async (context, _form, client, _info, shownCode) => {
        const form = formOf(context);
        const { DeviceCode } = context.oidc.entities;
        const named = DeviceCode?.params?.["device_name"];
        const device = typeof named === "string" ? named.slice(0, 100) : undefined;
        const names = { client: client.clientName ?? client.clientId, device, shownCode };
        show(context, pages.confirmCode(context.req, { ...form, userCode: form.userCode ?? shownCode }, names));
      },
      successSource: async (context) => show(context, pages.deviceDone(context.req)),
    },
  };
}

function problemOf(error: { name?: string } | undefined): "code_unknown" | "code_aborted" | undefined {
  if (error === undefined) return undefined;
  return error.name === "AbortedError" ? "code_aborted" : "code_unknown";
}

/** A code may come with the address; the provider's own way to take it over would need a script in the page. */
function formOf({ oidc, req }: KoaContextWithOIDC) {
  const fromBody = oidc.params?.["user_code"];
  const fromAddress = new URL(req.url ?? "/", "http://localhost").searchParams.get("code");
  const userCode = typeof fromBody === "string" ? fromBody : (fromAddress ?? undefined);
  const xsrf = (oidc.session as unknown as { state?: { secret?: string } }).state?.secret ?? "";
  return { action: oidc.urlFor("code_verification"), xsrf, userCode: userCode?.slice(0, 20) };
}

function show(context: KoaContextWithOIDC, page: RenderedPage): void {
  context.status = page.status;
  context.set(page.headers);
  context.body = page.body;
}
