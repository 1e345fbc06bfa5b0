import type { Host } from "../../host.ts";
import type { Mailer, MailMessage } from "./mailer.ts";
import { createQueuedMailer } from "./queued-mailer.ts";
import { deliverBySmtp, type SmtpConfig } from "./smtp.ts";

/** What a mailer tells the log. */
interface MailLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Mail by SMTP; without that, whoever runs the server finds each message in its log, links and all, and can hand it on. */
export function openMailer({
  smtp,
  host,
  logger,
}: {
  smtp: SmtpConfig | undefined;
  host: Host;
  logger: MailLog;
}): Mailer {
  if (!smtp) {
    const show = (mail: MailMessage): void =>
      logger.warn({ mail }, "no mail server is set up (SATCHEL_SMTP), so this message is shown here");
    return { send: show, close: async () => {} };
  }
  return createQueuedMailer({
    deliver: deliverBySmtp(smtp),
    host,
    onLost: (err, subject) => logger.error({ err, subject }, "a message could not be sent"),
  });
}
