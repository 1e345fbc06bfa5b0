import type { Account } from "../../../storage/metadata/identity-store.ts";
import type { Mailer } from "../../mail/mailer.ts";
import { mailTexts, type Language } from "./mail-texts.ts";

export type Notices = ReturnType<typeof createNotices>;

/** The messages that sign-in sends. */
export function createNotices(mail: Mailer) {
  const send = (to: string, { subject, text }: { subject: string; text: string }): void =>
    mail.send({ to, subject, text });
  return {
    confirmSignUp: (to: string, link: string, language: Language) => send(to, mailTexts[language].confirmSignUp(link)),
    /** To somebody who has an account already, and would be asked to confirm another one. */
    hasAccount: (account: Account, language: Language) =>
      send(account.email, mailTexts[language].hasAccount(account.name)),
    confirmEmail: (to: string, link: string, language: Language) => send(to, mailTexts[language].confirmEmail(link)),
    resetPassword: (account: Account, link: string, language: Language) =>
      send(account.email, mailTexts[language].resetPassword(account.name, link)),
    passwordChanged: (account: Account, language: Language) =>
      send(account.email, mailTexts[language].passwordChanged(account.name)),
    /** To the address of before. */
    emailChanged: (account: Account, email: string, language: Language) =>
      send(account.email, mailTexts[language].emailChanged(account.name, email)),
    invitation: (to: string, link: string, language: Language) => send(to, mailTexts[language].invitation(link)),
  };
}
