import type { AccountId, DeviceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import { createInProcessCache } from "../../storage/cache/in-process-cache.ts";
import type { Account } from "../../storage/metadata/identity-store.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { Audit } from "../audit/audit.ts";
import type { Mailer } from "../mail/mailer.ts";
import { createAccountOverview } from "./account-overview.ts";
import type { Accounts } from "./accounts.ts";
import { createAttemptLimiter } from "./attempts/attempt-limiter.ts";
import { deviceCacheMs } from "./authenticator.ts";
import { createBrowserSessions } from "./browser/browser-sessions.ts";
import { createPageState } from "./browser/page-state.ts";
import { createFactors } from "./factors/factors.ts";
import { createPasskeys } from "./factors/passkeys.ts";
import { createRecoveryCodes } from "./factors/recovery-codes.ts";
import { createTotp } from "./factors/totp.ts";
import type { PasswordHasher } from "./password-hasher.ts";
import { createAppPasswords } from "./programs/app-passwords.ts";
import { createPasswordProof } from "./proof/password-proof.ts";
import { createEmailChanges } from "./self-service/email-changes.ts";
import { createFirstRun } from "./self-service/first-run.ts";
import { createNotices } from "./self-service/notices.ts";
import { createOneTimeLinks } from "./self-service/one-time-links.ts";
import { createPasswordChanges } from "./self-service/password-changes.ts";
import { createSignUp, type SignUpPolicy } from "./self-service/sign-up.ts";
import type { ServerKeys } from "./server-keys.ts";

interface PeopleParts {
  readonly metadata: Pick<MetadataStore, "identity" | "signIn" | "factors" | "attempts">;
  readonly accounts: Accounts;
  readonly passwords: PasswordHasher;
  readonly keys: ServerKeys;
  readonly host: Host;
  readonly bus: Bus;
  readonly audit: Audit;
  readonly mail: Mailer;
  readonly signUpPolicy: SignUpPolicy;
  readonly setUpCode: string | undefined;
}

const maxCachedAppPasswords = 10_000;

/** How people prove who they are, and what they do with their accounts by themselves. */
export function createPeople(parts: PeopleParts) {
  const { metadata, accounts, passwords, keys, host, bus, audit } = parts;
  const { identity: store, signIn, factors } = metadata;
  const limiter = createAttemptLimiter({
    store: metadata.attempts,
    key: keys.attempts,
    realm: "sign_in",
    nowMs: host.nowMs,
  });
  const proof = createPasswordProof({ store, passwords, limiter });
  const links = createOneTimeLinks({ store: signIn, host });
  const notices = createNotices(parts.mail, limiter);
  const cache = createInProcessCache<{ deviceId: DeviceId } | undefined>({
    timeToLiveMs: deviceCacheMs,
    maxEntries: maxCachedAppPasswords,
    nowMs: host.nowMs,
  });
  const sessions = createBrowserSessions({ store: signIn, host, key: keys.pageState });
  const factorsOf = createFactors({
    totp: createTotp({ store: factors, key: keys.factorSecret, host }),
    recoveryCodes: createRecoveryCodes({ store: factors, key: keys.recoveryCode, host }),
    passkeys: createPasskeys({ factors, secrets: signIn, host }),
    limiter,
    audit,
  });
  return {
    /** Whoever may sign in; undefined for an account that there isn't, or that is disabled. */
    async findAccount(id: AccountId): Promise<Account | undefined> {
      const account = await store.findAccount(id);
      return account?.disabledAtMs === null ? account : undefined;
    },
    proof,
    sessions,
    pageState: createPageState({ key: keys.pageState, host }),
    signUp: createSignUp({ store, accounts, passwords, links, notices, audit, limiter, policy: parts.signUpPolicy }),
    firstRun: createFirstRun({ accounts, passwords, audit, limiter, setUpCode: parts.setUpCode }),
    passwords: createPasswordChanges({ store, passwords, proof, links, notices, host, bus, audit, limiter }),
    links,
    notices,
    emails: createEmailChanges({ store, links, notices, host, bus, audit, limiter }),
    factors: factorsOf,
    overview: createAccountOverview({ identity: store, signIn, factors: factorsOf, sessions }),
    appPasswords: createAppPasswords({ store: signIn, host, audit, cache }),
  };
}
