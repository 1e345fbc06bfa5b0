import type { DeviceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import { createInProcessCache } from "../../storage/cache/in-process-cache.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { Audit } from "../audit/audit.ts";
import type { Mailer } from "../mail/mailer.ts";
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
import { createCredentialChanges } from "./self-service/credentials.ts";
import { createNotices } from "./self-service/notices.ts";
import { createOneTimeLinks } from "./self-service/one-time-links.ts";
import { createSignUp, type SignUpPolicy } from "./self-service/sign-up.ts";
import type { ServerKeys } from "./server-keys.ts";

interface PeopleParts {
  readonly metadata: Pick<MetadataStore, "identity" | "signIn" | "factors">;
  readonly accounts: Accounts;
  readonly passwords: PasswordHasher;
  readonly keys: ServerKeys;
  readonly host: Host;
  readonly bus: Bus;
  readonly audit: Audit;
  readonly mail: Mailer;
  readonly signUpPolicy: SignUpPolicy;
}

const maxCachedAppPasswords = 10_000;

export type People = ReturnType<typeof createPeople>;

/** How people prove who they are, and what they do with their accounts by themselves. */
export function createPeople(parts: PeopleParts) {
  const { metadata, accounts, passwords, keys, host, bus, audit } = parts;
  const { identity: store, signIn, factors } = metadata;
  const limiter = createAttemptLimiter({ nowMs: host.nowMs });
  const proof = createPasswordProof({ store, passwords, limiter });
  const links = createOneTimeLinks({ store: signIn, host });
  const notices = createNotices(parts.mail);
  const cache = createInProcessCache<{ deviceId: DeviceId } | undefined>({
    timeToLiveMs: deviceCacheMs,
    maxEntries: maxCachedAppPasswords,
    nowMs: host.nowMs,
  });
  return {
    proof,
    links,
    sessions: createBrowserSessions({ store: signIn, host, key: keys.pageState }),
    pageState: createPageState({ key: keys.pageState, host }),
    signUp: createSignUp({ store, accounts, passwords, links, notices, audit, limiter, policy: parts.signUpPolicy }),
    credentials: createCredentialChanges({ store, passwords, proof, links, notices, host, bus, audit, limiter }),
    factors: createFactors({
      totp: createTotp({ store: factors, key: keys.factorSecret, host }),
      recoveryCodes: createRecoveryCodes({ store: factors, key: keys.recoveryCode, host }),
      passkeys: createPasskeys({ factors, secrets: signIn, host }),
      limiter,
      audit,
    }),
    appPasswords: createAppPasswords({ store: signIn, host, audit, cache }),
  };
}
