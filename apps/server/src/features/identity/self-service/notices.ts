import type { AccountId } from "@satchel/protocol";
import type { Account } from "../../../storage/metadata/identity-store.ts";
import type { Mailer } from "../../mail/mailer.ts";
import type { AttemptLimiter } from "../attempts/attempt-limiter.ts";
import { confirmWithinMs, invitationMs, resetWithinMs } from "./link-times.ts";
import { mailTexts, type Language, type WayInChange } from "./mail-texts.ts";

export type Notices = ReturnType<typeof createNotices>;

/** Counts what an account was told of. */
type Ration = Pick<AttemptLimiter, "isFirstInHour">;

/** The messages that sign-in sends. Each resolves when a crash can't lose it any more. */
export function createNotices(mail: Mailer, ration: Ration) {
  const send = (
    to: string,
    accountId: AccountId | null,
    text: { subject: string; text: string },
    goodForMs?: number,
  ): Promise<void> => mail.send({ to, accountId, ...text, ...(goodForMs !== undefined && { goodForMs }) });
  return {
    confirmSignUp: (to: string, link: string, language: Language) =>
      send(to, null, mailTexts[language].confirmSignUp(link), confirmWithinMs),
    /** To somebody who has an account already, and would be asked to confirm another one. */
    hasAccount: (account: Account, language: Language) =>
      send(account.email, account.id, mailTexts[language].hasAccount(account.name)),
    /** To an address that an account wants to have. */
    confirmEmail: (to: string, accountId: AccountId, link: string, language: Language) =>
      send(to, accountId, mailTexts[language].confirmEmail(link), confirmWithinMs),
    resetPassword: (account: Account, link: string, language: Language) =>
      send(account.email, account.id, mailTexts[language].resetPassword(account.name, link), resetWithinMs),
    passwordChanged: (account: Account, language: Language) =>
      send(account.email, account.id, mailTexts[language].passwordChanged(account.name)),
    /** To the address of before. */
    emailChanged: (account: Account, email: string, language: Language) =>
      send(account.email, account.id, mailTexts[language].emailChanged(account.name, email)),
    /**
     * After it was done, and recorded. Of each kind of change there are two messages an hour, of which the second says that more of them may follow untold: so that whoever took a session over can't bury one change under a thousand others.
     */
    async wayInChanged(account: Account, change: WayInChange, language: Language): Promise<void> {
      const isFirst = await ration.isFirstInHour(`${account.id} ${change}`);
      if (!isFirst && !(await ration.isFirstInHour(`${account.id} ${change} again`))) return;
      const { wayInChanged, moreChangesUntold } = mailTexts[language];
      const { subject, text } = wayInChanged(account.name, change);
      await send(account.email, account.id, { subject, text: isFirst ? text : `${text}\n${moreChangesUntold}\n` });
    },
    invitation: (to: string, link: string, language: Language) =>
      send(to, null, mailTexts[language].invitation(link), invitationMs),
    /** Takes as long as the others, and tells nobody anything. */
    none: () => mail.send(undefined),
  };
}
