import type { Transporter } from "nodemailer";
import { MailRefusedError, type DeliverMail } from "./mailer.ts";

/** Where mail goes out, and from whom. */
export interface SmtpConfig {
  /** `smtp://user:password@host:port` (with STARTTLS where the server has it), or `smtps://`. */
  readonly url: string;
  readonly from: string;
}

const timeoutMs = 20_000;

/** Sends by SMTP, a connection for each message: there are few. */
export function deliverBySmtp({ url, from }: SmtpConfig): DeliverMail {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  const options = {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    // A password never goes out in the clear.
    requireTLS: username !== "" && !secure,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  let transport: Transporter | undefined;
  return async ({ id, to, subject, text }) => {
    const message = {
      from,
      messageId: `<${id}@${domainOf(from)}>`,
      // An object, so that an address is never read as a list of them.
      to: { name: "", address: to },
      subject,
      text,
      headers: { "Auto-Submitted": "auto-generated" },
    };
    // Loaded with the first mail: most servers send none for days, and it is megabytes.
    transport ??= (await import("nodemailer")).createTransport(options);
    await transport.sendMail(message).catch((error: unknown) => {
      throw isRefusal(error) ? new MailRefusedError(error.message, { cause: error }) : error;
    });
  };
}

/** A 5xx about this message or whom it is for. One about the server's own login may be mended by whoever runs it. */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, responseCode = 0 } = error as Error & { readonly code?: string; readonly responseCode?: number };
  return responseCode >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
}

function domainOf(from: string): string {
  return /@([\w.-]+)/.exec(from)?.[1] ?? "localhost";
}
