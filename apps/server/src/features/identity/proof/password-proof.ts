import { ProblemError } from "@satchel/protocol";
import type { Account, IdentityStore } from "../../../storage/metadata/identity-store.ts";
import { currentOrigin } from "../../audit/request-origin.ts";
import { networkOf } from "../../rate-limit/rate-limits.ts";
import type { AttemptLimiter } from "../attempts/attempt-limiter.ts";
import type { PasswordHasher } from "../password-hasher.ts";

interface PasswordProofParts {
  readonly store: IdentityStore;
  readonly passwords: PasswordHasher;
  readonly limiter: AttemptLimiter;
}

/** What somebody typed. */
export interface Credentials {
  /** A name, or the address of an account that is its beyond doubt. */
  readonly user: string;
  readonly password: string;
  /** The browser shows the mark of an earlier sign-in to that account. */
  readonly isKnown?: (account: Account) => boolean;
}

export type PasswordProof = ReturnType<typeof createPasswordProof>;

/** The one place where a password opens an account. An unknown name, a wrong password, an account without one and a disabled account get the same answer, for the same work. */
export function createPasswordProof({ store, passwords, limiter }: PasswordProofParts) {
  async function find(user: string): Promise<Account | undefined> {
    const byName = await store.findAccountByName(user);
    return byName ?? (user.includes("@") ? await store.findAccountByEmail(user) : undefined);
  }

  return {
    find,
    /** @throws wrong_credentials, too_many_requests */
    async prove({ user, password, isKnown }: Credentials): Promise<Account> {
      const account = await find(user);
      const attempt = {
        subject: account?.id ?? `name ${user.toLowerCase().slice(0, 64)}`,
        network: networkOf(currentOrigin()?.address ?? ""),
        isKnown: account !== undefined && (isKnown?.(account) ?? false),
      };
      await limiter.begin(attempt);
      const matches = await passwords.verify(account?.passwordHash || undefined, password);
      if (!matches || account === undefined || account.disabledAtMs !== null)
        throw new ProblemError("wrong_credentials");
      await limiter.succeeded(attempt, account.id);
      return account;
    },
  };
}
