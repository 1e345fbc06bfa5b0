import type { Host } from "../../host.ts";
import type { MailQueueStore } from "../../storage/metadata/mail-queue-store.ts";
import { openMailQueue } from "./mail-queue.ts";
import type { Mailer } from "./mailer.ts";
import { deliverBySmtp, type SmtpConfig } from "./smtp.ts";

/** What a mailer tells the log. */
interface MailLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Mail by SMTP; without that, whoever runs the server finds each message in its log, links and all, and can hand it on. */
export function openMailer({
  smtp,
  store,
  key,
  host,
  logger,
}: {
  smtp: SmtpConfig | undefined;
  store: MailQueueStore;
  key: Uint8Array;
  host: Host;
  logger: MailLog;
}): Mailer {
  if (smtp)
    return openMailQueue({
      store,
      key,
      deliver: deliverBySmtp(smtp),
      host,
      onLost: (err, subject) => logger.error({ err, subject }, "a message could not be sent"),
      onFailure: (err) => logger.error({ err }, "the messages that wait can't be read; it is tried again"),
    });
  return {
    async send(message) {
      if (!message) return;
      const { to, subject, text } = message;
      const mail = { to, subject, text };
      logger.warn({ mail }, "no mail server is set up (SATCHEL_SMTP), so this message is shown here");
    },
    close: async () => {},
  };
}
