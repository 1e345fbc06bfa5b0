import type { AccountId, DeviceId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { Bus } from "../../../storage/bus/bus.ts";
import type { Account, IdentityStore } from "../../../storage/metadata/identity-store.ts";
import type { Audit } from "../../audit/audit.ts";
import type { AttemptLimiter } from "../attempts/attempt-limiter.ts";
import type { PasswordHasher } from "../password-hasher.ts";
import { findPasswordProblem, type PasswordProblem } from "../passwords/password-rules.ts";
import type { PasswordProof } from "../proof/password-proof.ts";
import type { Language } from "./mail-texts.ts";
import type { Notices } from "./notices.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import { isEmail, type LinkOptions } from "./sign-up.ts";

interface CredentialsParts {
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

const resetWithinMs = 3600 * 1000;
const confirmWithinMs = 24 * 3600 * 1000;

export type CredentialChanges = ReturnType<typeof createCredentialChanges>;

/** Changes of password and address. Each ends all other logins, and is told to the address that the account had before. */
export function createCredentialChanges(parts: CredentialsParts) {
  const { store, links, notices, host, bus, audit } = parts;

  function tellEnded(accountId: AccountId, devices: readonly DeviceId[]): void {
    bus.publish({ kind: "account_changed", accountId });
    for (const deviceId of devices) bus.publish({ kind: "device_revoked", deviceId });
  }

  async function setPassword({ account, keepSession, language }: Change, passwordHash: string): Promise<void> {
    await store.setPassword(account.id, passwordHash, { revokeDevices: false, nowMs: host.nowMs() });
    const ended = await store.endLogins(account.id, {
      ...(keepSession !== undefined && { keepSession }),
      nowMs: host.nowMs(),
    });
    tellEnded(account.id, ended);
    audit.note({ action: "password_changed", accountId: account.id });
    notices.passwordChanged(account, language);
  }

  return {
    /** Sends a link to the account's own address, if there is such an account. Whoever asks is told nothing. @throws too_many_requests */
    async forgot(user: string, { linkTo, language }: LinkOptions): Promise<void> {
      // By what was typed, so that the answer is the same whether there is such an account.
      parts.limiter.ration(`reset ${user.toLowerCase()}`);
      const account = await parts.proof.find(user);
      if (!account || account.disabledAtMs !== null || !account.emailConfirmed) return;
      const accountId = account.id;
      const secret = await links.make("reset_password", { accountId, payload: {}, ttlMs: resetWithinMs });
      notices.resetPassword(account, linkTo("reset", secret), language);
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
    /** Sends a link to the new address; nothing changes before it is used. Whether the address is somebody's shows nobody. */
    async changeEmail(
      { account, keepSession }: Change,
      email: string,
      { linkTo, language }: LinkOptions,
    ): Promise<"email_invalid" | undefined> {
      if (!isEmail(email)) return "email_invalid";
      parts.limiter.ration(`mail ${email.toLowerCase()}`);
      const owner = await store.findAccountByEmail(email);
      if (owner && owner.id !== account.id) {
        notices.hasAccount(owner, language);
        return undefined;
      }
      const payload: PendingEmail = { email, ...(keepSession !== undefined && { keepSession }) };
      const secret = await links.make("change_email", { accountId: account.id, payload, ttlMs: confirmWithinMs });
      notices.confirmEmail(email, linkTo("confirm-email", secret), language);
      return undefined;
    },
    /** Takes the new address; undefined when the link is no good. @throws account_exists when it became somebody else's */
    async confirmEmail(secret: string, language: Language): Promise<Account | undefined> {
      const found = await links.take<PendingEmail>("change_email", secret);
      const account = found?.accountId ? await store.findAccount(found.accountId) : undefined;
      if (!account || !found) return undefined;
      const { email, keepSession } = found.payload;
      await store.setEmail(account.id, email);
      bus.publish({ kind: "account_changed", accountId: account.id });
      if (account.email.toLowerCase() === email.toLowerCase()) return account;
      const ended = await store.endLogins(account.id, {
        ...(keepSession !== undefined && { keepSession }),
        nowMs: host.nowMs(),
      });
      tellEnded(account.id, ended);
      audit.note({ action: "email_changed", accountId: account.id });
      notices.emailChanged(account, email, language);
      return account;
    },
  };
}

interface PendingEmail {
  readonly email: string;
  readonly keepSession?: string;
}
