import type { ClientMetadata } from "oidc-provider";
import type { OAuthClient } from "../../storage/metadata/oauth-store.ts";
import type { Right } from "../authorisation/right.ts";
import { deviceScope, grantableScopes, ownScopes } from "./oauth-scopes.ts";

/** Our own clients. They need no consent: who signs in to them is in the same house. */
export const commandLineClient = "satchel-cli";
export const webClient = "satchel-web";

export function isOwnClient(clientId: string): boolean {
  return clientId === commandLineClient || clientId === webClient;
}

/** The rights that a client may ask for; what it asks for beyond them is not given. */
export function rightsFor(clientId: string): readonly Right[] {
  if (clientId === commandLineClient) return [deviceScope];
  return clientId === webClient ? [...grantableScopes, ...ownScopes] : grantableScopes;
}

/** Nobody can keep a secret in a program that everybody has: PKCE stands in for it, and a secret is never asked for. */
const publicClient = { token_endpoint_auth_method: "none", id_token_signed_response_alg: "ES256" } as const;

export function ownClients(origin: string): ClientMetadata[] {
  return [
    {
      ...publicClient,
      client_id: commandLineClient,
      client_name: "Satchel",
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code"],
      response_types: [],
      redirect_uris: [],
    },
    {
      ...publicClient,
      client_id: webClient,
      client_name: "Satchel",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: [`${origin}/app/signed-in`],
    },
  ];
}

/** A program of others. On loopback addresses any port is its own (RFC 8252, section 7.3), which is what makes a program native. */
export function programMetadata({ id, name, redirectUris }: OAuthClient): ClientMetadata {
  const isNative = redirectUris.some((uri) => !uri.startsWith("https:"));
  return {
    ...publicClient,
    client_id: id,
    client_name: name,
    application_type: isNative ? "native" : "web",
    grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
    response_types: ["code"],
    redirect_uris: [...redirectUris],
  };
}
