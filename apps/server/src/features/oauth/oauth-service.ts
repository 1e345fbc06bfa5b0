import type { IncomingMessage, ServerResponse } from "node:http";
import { encodeIdPart, idPartBytes, ProblemError, type DeviceId } from "@satchel/protocol";
import type { Provider } from "oidc-provider";
import type { Account } from "../../storage/metadata/identity-store.ts";
import type { Audit } from "../audit/audit.ts";
import type { BrowserSession } from "../../storage/metadata/sign-in-store.ts";
import type { SignedIn } from "../identity/browser/browser-sessions.ts";
import { isOwnClient, rightsFor, webClient } from "./oauth-clients.ts";
import { createOAuthProvider, type OAuthProviderParts } from "./oauth-provider.ts";
import { completeScopes, identityScopes } from "./oauth-scopes.ts";
import { apiAudience } from "./oauth-token.ts";

/** Addresses that one server is reached at, at most; where its own is not set, callers name it. */
const maxIssuers = 8;
const maxDeviceName = 100;

/** A program's request that a person has to answer. */
export interface Interaction {
  readonly uid: string;
  readonly needs: "sign_in" | "consent";
  /** Only a proof after this is good enough; milliseconds. */
  readonly provedAfterMs: number;
  readonly client: { readonly id: string; readonly name: string; readonly isOwn: boolean };
  readonly scopes: readonly string[];
  readonly redirectUri: string | undefined;
  /** Who the provider takes the browser for. */
  readonly accountId: string | undefined;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface ServiceParts extends OAuthProviderParts {
  readonly audit: Audit;
}

export type OAuthService = ReturnType<typeof createOAuthService>;

/** The OAuth provider, at each address that the server is reached at, and what our pages do for it. */
export function createOAuthService(parts: ServiceParts) {
  const providers = new Map<string, Promise<Provider>>();

  function providerAt(baseUrl: string): Promise<Provider> {
    const known = providers.get(baseUrl);
    const provider = known ?? createOAuthProvider(baseUrl, parts);
    providers.delete(baseUrl);
    providers.set(baseUrl, provider);
    const [oldest] = providers.keys();
    if (providers.size > maxIssuers && oldest !== undefined) providers.delete(oldest);
    return provider;
  }

  return {
    /** Answers a request to one of the provider's own addresses. The body has not been read. */
    async handle({ request, response }: Exchange, baseUrl: string): Promise<void> {
      const { protocol, host, pathname } = new URL(baseUrl);
      // What the provider is told of its address is what we know, never what the caller said.
      request.headers["x-forwarded-proto"] = protocol.slice(0, -1);
      request.headers["x-forwarded-host"] = host;
      delete request.headers["x-forwarded-for"];
      if (pathname !== "/") Object.assign(request, { originalUrl: `${pathname}${request.url ?? "/"}` });
      await (await providerAt(baseUrl)).callback()(request, response);
    },

    /** What waits for the person, in the browser that it was begun in. @throws not_found */
    async find({ request, response }: Exchange, baseUrl: string): Promise<Interaction> {
      const provider = await providerAt(baseUrl);
      const details = await provider.interactionDetails(request, response).catch(() => undefined);
      const found = details && (await describe(provider, details));
      if (!found) throw new ProblemError("not_found", "there is no such request, or it is too old");
      return found;
    },
    /** The same, for whoever knows its id: to show what a sign-in is for. */
    async peek(uid: string, baseUrl: string): Promise<Interaction | undefined> {
      const provider = await providerAt(baseUrl);
      const details = await provider.Interaction.find(uid);
      return details && (await describe(provider, details));
    },

    /** The person is signed in. Answers where to go on. */
    async signedIn(exchange: Exchange, baseUrl: string, session: BrowserSession): Promise<string> {
      const ts = Math.floor(session.authenticatedAtMs / 1000);
      const login = { accountId: session.accountId, amr: session.methods.split(" "), ts, remember: false };
      return await finish(await providerAt(baseUrl), exchange, { login });
    },

    /** The person lets the program in: from now on it is a device of theirs. Answers where to go on. */
    async allow(exchange: Exchange, baseUrl: string, { account, session }: SignedIn): Promise<string> {
      const provider = await providerAt(baseUrl);
      const { params } = await provider.interactionDetails(exchange.request, exchange.response);
      const grantId = await makeGrant(parts, { provider, params, account, browser: session.sessionHash });
      return await finish(provider, exchange, { consent: { grantId } });
    },

    /** The person doesn't. Answers where to go on. */
    async deny(exchange: Exchange, baseUrl: string): Promise<string> {
      const error = { error: "access_denied", error_description: "the person did not allow it" };
      return await finish(await providerAt(baseUrl), exchange, error);
    },
  };
}

/** A device of the account, and the grant that it is: with the same id, and what the client asks for as far as it may. */
async function makeGrant(
  { store, host, audit }: ServiceParts,
  {
    provider,
    params,
    account,
    browser,
  }: { provider: Provider; params: Record<string, unknown>; account: Account; browser: string },
): Promise<DeviceId> {
  const clientId = String(params["client_id"]);
  const client = await provider.Client.find(clientId);
  const scopes = scopesOf(params, clientId);
  const identity = scopes.filter((scope) => (identityScopes as readonly string[]).includes(scope));
  const rights = completeScopes(scopes.filter((scope) => !identity.includes(scope))).join(" ");
  const freshId = encodeIdPart(host.randomBytes(idPartBytes)) as DeviceId;
  const named = params["device_name"];
  const shown = typeof named === "string" && named !== "" ? named : (client?.clientName ?? clientId);
  const name = shown.slice(0, maxDeviceName);
  const id = await store.createGrantDevice({
    id: freshId,
    accountId: account.id,
    name,
    clientId,
    scopes: rights,
    // Our own app signs in without a question, each time that a browser has lost its tokens: that is no new device.
    browser: clientId === webClient ? browser : undefined,
    nowMs: host.nowMs(),
  });
  const detail = { method: "browser", program: clientId, device: name };
  await audit.record({ action: "sign_in", accountId: account.id, deviceId: id, detail });
  const grant = new provider.Grant({ accountId: account.id, clientId });
  grant.jti = id;
  grant.addOIDCScope(identity.join(" "));
  grant.addResourceScope(apiAudience, rights);
  await grant.save();
  return id;
}

async function describe(provider: Provider, details: InteractionDetails): Promise<Interaction | undefined> {
  const { prompt, params, session, uid } = details;
  const client = await provider.Client.find(String(params["client_id"]));
  if (!client) return undefined;
  const isAgain = prompt.reasons.some((reason) => reason === "login_prompt" || reason === "max_age");
  const redirectUri = params["redirect_uri"];
  return {
    uid,
    needs: prompt.name === "consent" ? "consent" : "sign_in",
    provedAfterMs: isAgain ? details.iat * 1000 : 0,
    client: { id: client.clientId, name: client.clientName ?? client.clientId, isOwn: isOwnClient(client.clientId) },
    scopes: scopesOf(params, client.clientId),
    redirectUri: typeof redirectUri === "string" ? redirectUri : undefined,
    accountId: session?.accountId,
  };
}

type InteractionDetails = Awaited<ReturnType<Provider["interactionDetails"]>>;

async function finish(
  provider: Provider,
  { request, response }: Exchange,
  result: Parameters<Provider["interactionResult"]>[2],
): Promise<string> {
  return await provider.interactionResult(request, response, result, { mergeWithLastSubmission: true });
}

/** What the client asks for, as far as it may. */
function scopesOf(params: Record<string, unknown>, clientId: string): string[] {
  const allowed = new Set<string>([...identityScopes, ...rightsFor(clientId)]);
  const { scope } = params;
  return typeof scope === "string" ? scope.split(" ").filter((one) => allowed.has(one)) : [];
}
