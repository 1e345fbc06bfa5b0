import type { Passkey } from "../../storage/metadata/factor-store.ts";
import type { Account, Device, IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { BrowserSession, LinkedIdentity, SignInStore } from "../../storage/metadata/sign-in-store.ts";
import type { BrowserSessions } from "./browser/browser-sessions.ts";
import type { Factors, FactorsOf } from "./factors/factors.ts";

/** All by which an account is entered, and all that is signed in to it. */
export interface AccountOverview {
  readonly account: Account;
  readonly factors: FactorsOf;
  readonly passkeys: readonly Passkey[];
  /** Those that were not revoked. */
  readonly devices: readonly Device[];
  readonly browsers: readonly BrowserSession[];
  readonly linked: readonly LinkedIdentity[];
}

interface OverviewParts {
  readonly identity: IdentityStore;
  readonly signIn: SignInStore;
  readonly factors: Factors;
  readonly sessions: BrowserSessions;
}

export function createAccountOverview({ identity, signIn, factors, sessions }: OverviewParts) {
  return async (account: Account): Promise<AccountOverview> => {
    const [present, passkeys, devices, browsers, linked] = await Promise.all([
      factors.of(account.id),
      factors.passkeys.list(account.id),
      identity.listDevices(account.id),
      sessions.list(account.id),
      signIn.listLinked(account.id),
    ]);
    const living = devices.filter(({ revokedAtMs }) => revokedAtMs === null);
    return { account, factors: present, passkeys, devices: living, browsers, linked };
  };
}
