import type { AccountId } from "@satchel/protocol";

/** One message to one person, as plain text. */
export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Whom it is about; null where there is no account yet. */
  readonly accountId: AccountId | null;
  /** How long its link is good: it isn't sent any later than that. Left out where nothing in it ends. */
  readonly goodForMs?: number;
}

/** Takes messages and brings them away later: whoever asked for one never waits for a mail server. */
export interface Mailer {
  /** Resolves when the message is kept so that a crash doesn't lose it. With undefined it takes the same time and sends nothing, so that nobody can tell from the time whether there was a message to send. */
  send(message: MailMessage | undefined): Promise<void>;
  /** Waits for the one that is on its way; what else waits stays for the next start. */
  close(): Promise<void>;
}

/** A message on its way. */
export interface OutgoingMail extends Omit<MailMessage, "accountId" | "goodForMs"> {
  /** The same at each try, so that a mailbox can tell a message that came twice. */
  readonly id: string;
}

/** Hands one message over. @throws MailRefusedError when it will never be taken, and other errors where another try may help */
export type DeliverMail = (message: OutgoingMail) => Promise<void>;

/** The mail server will not take this message, whenever it is asked. */
export class MailRefusedError extends Error {
  override readonly name = "MailRefusedError";
}
