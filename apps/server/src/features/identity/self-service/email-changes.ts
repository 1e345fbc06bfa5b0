import type { Host } from "../../../host.ts";
import type { Bus } from "../../../storage/bus/bus.ts";
import type { Account, IdentityStore } from "../../../storage/metadata/identity-store.ts";
import type { Audit } from "../../audit/audit.ts";
import type { AttemptLimiter } from "../attempts/attempt-limiter.ts";
import { confirmWithinMs } from "./link-times.ts";
import type { Language } from "./mail-texts.ts";
import type { Notices } from "./notices.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import type { Change } from "./password-changes.ts";
import { isEmail } from "./sign-up-problem.ts";
import type { LinkOptions } from "./sign-up.ts";
import { tellEnded } from "./tell-ended.ts";

interface EmailChangesParts {
  readonly store: IdentityStore;
  readonly links: OneTimeLinks;
  readonly notices: Notices;
  readonly host: Host;
  readonly bus: Bus;
  readonly audit: Audit;
  readonly limiter: AttemptLimiter;
}

/** What waits for its confirmation. */
interface PendingEmail {
  readonly email: string;
  readonly keepSession?: string;
}

/** Changes of the address. Each ends all other logins, and is told to the address of before. */
export function createEmailChanges({ store, links, notices, host, bus, audit, limiter }: EmailChangesParts) {
  return {
    /** Sends a link to the new address; nothing changes before it is used. Whether the address is somebody's shows nobody. */
    async changeEmail(
      { account, keepSession }: Change,
      email: string,
      { linkTo, language }: LinkOptions,
    ): Promise<"email_invalid" | undefined> {
      if (!isEmail(email)) return "email_invalid";
      await limiter.ration(`mail ${email.toLowerCase()}`);
      const owner = await store.findAccountByEmail(email);
      if (owner && owner.id !== account.id) {
        await links.pretend("change_email");
        await notices.hasAccount(owner, language);
        return undefined;
      }
      const payload: PendingEmail = { email, ...(keepSession !== undefined && { keepSession }) };
      const secret = await links.make("change_email", { accountId: account.id, payload, ttlMs: confirmWithinMs });
      await notices.confirmEmail(email, account.id, linkTo("confirm-email", secret), language);
      return undefined;
    },
    /** Takes the new address; undefined when the link is no good. @throws account_exists when it became somebody else's */
    async confirmEmail(secret: string, language: Language): Promise<Account | undefined> {
      const found = await links.take<PendingEmail>("change_email", secret);
      const account = found?.accountId ? await store.findAccount(found.accountId) : undefined;
      if (!account || !found) return undefined;
      const { email, keepSession } = found.payload;
      const kept = keepSession !== undefined && { keepSession };
      tellEnded(bus, account.id, await store.setEmail(account.id, email, { ...kept, nowMs: host.nowMs() }));
      if (account.email.toLowerCase() === email.toLowerCase()) return account;
      await audit.record({ action: "email_changed", accountId: account.id });
      await notices.emailChanged(account, email, language);
      return account;
    },
  };
}
