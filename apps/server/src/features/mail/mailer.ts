/** One message to one person, as plain text. */
export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Takes messages and brings them away later: whoever asked for one never waits for a mail server, and can't tell from the time whether there was one to send. */
export interface Mailer {
  send(message: MailMessage): void;
  /** Waits for what is on its way. */
  close(): Promise<void>;
}

/** Hands one message over. @throws when it could not */
export type DeliverMail = (message: MailMessage) => Promise<void>;
