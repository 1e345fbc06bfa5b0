import type { Right } from "../authorisation/right.ts";

/** What a program may ask for. Each is the right of that name, so that one check serves people and programs. */
export const grantableScopes = ["files.read", "files.write", "account.read"] as const satisfies readonly Right[];
export type GrantableScope = (typeof grantableScopes)[number];
/** What only our own web app may ask for. */
export const ownScopes = ["account.manage", "workspace.manage", "server.manage"] as const satisfies readonly Right[];
/** What only our own command line may ask for: to become a device, which may do everything. */
export const deviceScope = "device.sign_in" satisfies Right;

/** Scopes of OpenID Connect, which tell a program who somebody is. */
export const identityScopes = ["openid", "profile", "email", "offline_access"] as const;

/** With what goes without saying: who may write may read. */
export function completeScopes(scopes: readonly string[]): string[] {
  const all = new Set(scopes);
  if (all.has("files.write")) all.add("files.read");
  return [...all].toSorted();
}
