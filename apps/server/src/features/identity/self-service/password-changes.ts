import type { Host } from "../../../host.ts";
import type { Bus } from "../../../storage/bus/bus.ts";
import type { Account, IdentityStore } from "../../../storage/metadata/identity-store.ts";
import type { Audit } from "../../audit/audit.ts";
import type { AttemptLimiter } from "../attempts/attempt-limiter.ts";
import type { PasswordHasher } from "../password-hasher.ts";
import { findPasswordProblem, type PasswordProblem } from "../passwords/password-rules.ts";
import type { PasswordProof } from "../proof/password-proof.ts";
import type { Language } from "./mail-texts.ts";
import { resetWithinMs } from "./link-times.ts";
import type { Notices } from "./notices.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import type { LinkOptions } from "./sign-up.ts";
import { tellEnded } from "./tell-ended.ts";

interface PasswordChangesParts {
  readonly store: IdentityStore;
  readonly passwords: PasswordHasher;
  readonly proof: PasswordProof;
  readonly links: OneTimeLinks;
  readonly notices: Notices;
  readonly host: Host;
  readonly bus: Bus;
  readonly audit: Audit;
  readonly limiter: AttemptLimiter;
}

/** Who asks, and which of their browser sessions stays. */
export interface Change {
  readonly account: Account;
  readonly keepSession?: string;
  readonly language: Language;
}

/** Changes of password. Each ends all other logins, and is told to the account's address. */
export function createPasswordChanges(parts: PasswordChangesParts) {
  const { store, links, notices, host, bus, audit } = parts;

  async function setPassword({ account, keepSession, language }: Change, passwordHash: string): Promise<void> {
    const devices = await store.listDevices(account.id);
    const kept = keepSession !== undefined && { keepSession };
    await store.setPassword(account.id, passwordHash, { revokeDevices: true, ...kept, nowMs: host.nowMs() });
    tellEnded(
      bus,
      account.id,
      devices.map(({ id }) => id),
    );
    await audit.record({ action: "password_changed", accountId: account.id });
    await notices.passwordChanged(account, language);
  }

  return {
    /** Sends a link to the account's own address, if there is such an account. Whoever asks is told nothing. @throws too_many_requests */
    async forgot(user: string, { linkTo, language }: LinkOptions): Promise<void> {
      // By what was typed, so that the answer is the same whether there is such an account.
      await parts.limiter.ration(`reset ${user.toLowerCase()}`);
      const account = await parts.proof.find(user);
      if (!account || account.disabledAtMs !== null || !account.emailConfirmed) {
        await links.pretend("reset_password");
        return await notices.none();
      }
      const accountId = account.id;
      const secret = await links.make("reset_password", { accountId, payload: {}, ttlMs: resetWithinMs });
      await notices.resetPassword(account, linkTo("reset", secret), language);
    },
    /** Whose password the link resets; undefined when it is no good. */
    async findReset(secret: string): Promise<Account | undefined> {
      const found = await links.look("reset_password", secret);
      return found?.accountId ? await store.findAccount(found.accountId) : undefined;
    },
    /** Uses the link up, unless the password is no good. */
    async reset(
      secret: string,
      password: string,
      language: Language,
    ): Promise<{ problem: PasswordProblem | "link_invalid" } | { account: Account }> {
      const found = await links.look("reset_password", secret);
      const account = found?.accountId ? await store.findAccount(found.accountId) : undefined;
      if (!account || account.disabledAtMs !== null) return { problem: "link_invalid" };
      const problem = findPasswordProblem(password, [account.name, account.email]);
      if (problem) return { problem };
      const passwordHash = await parts.passwords.hash(password);
      if (!(await links.take("reset_password", secret))) return { problem: "link_invalid" };
      await setPassword({ account, language }, passwordHash);
      return { account };
    },
    /** The person has proved lately who they are. */
    async changePassword(change: Change, password: string): Promise<PasswordProblem | undefined> {
      const problem = findPasswordProblem(password, [change.account.name, change.account.email]);
      if (problem) return problem;
      await setPassword(change, await parts.passwords.hash(password));
      return undefined;
    },
    /** From now on the account is entered by passkey only. The caller has seen that there is one. */
    removePassword: (change: Change): Promise<void> => setPassword(change, ""),
  };
}
