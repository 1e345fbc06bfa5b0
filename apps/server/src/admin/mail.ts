import { encodeIdPart, idPartBytes } from "@satchel/protocol";
import type { ServerConfig } from "../config/config.ts";
import { maxWaitingMails } from "../features/mail/mail-queue.ts";
import type { MailMessage } from "../features/mail/mailer.ts";
import { openMail, sealMail } from "../features/mail/sealed-mail.ts";
import { openKeys } from "../start/open-audit.ts";
import type { MetadataStore } from "../storage/metadata/metadata-store.ts";
import { systemHost } from "../system-host.ts";
import { withMetadata } from "./with-metadata.ts";

/** A message that waits for the mail server, or was given up. */
export interface KeptMailSummary {
  readonly to: string;
  readonly subject: string;
  readonly createdAtMs: number;
  /** When it is tried next; null once it was given up. */
  readonly dueAtMs: number | null;
  readonly tries: number;
  /** Why the last try failed; null before one did. */
  readonly reason: string | null;
}

/** The most that are told of. */
const maxListed = 1000;

/** What the mail server didn't take yet, or never: newest first, without texts. Beside a running server or without one. */
export async function listMail(config: ServerConfig): Promise<KeptMailSummary[]> {
  return await withMetadata(config, async ({ mail }) => {
    const { mail: key } = await openKeys(config);
    return (await mail.list(maxListed)).flatMap(({ id, sealed, createdAtMs, dueAtMs, tries }) => {
      const kept = openMail(key, id, sealed);
      const { to = "?", subject = "?", reason = null } = kept ?? {};
      // One to nobody is there for a moment, to take time.
      return to === "" ? [] : [{ to, subject, createdAtMs, dueAtMs, tries, reason }];
    });
  });
}

/** Leaves a message to the server that runs, or to the next one that starts. Without a mail server nobody is told: whoever gave the command knows. */
export async function leaveMail(config: ServerConfig, metadata: MetadataStore, message: MailMessage): Promise<void> {
  if (!config.identity.smtp) return;
  const { accountId, ...content } = message;
  const id = encodeIdPart(systemHost.randomBytes(idPartBytes));
  const { mail: key } = await openKeys(config);
  const mail = { id, accountId, sealed: sealMail(key, id, content), createdAtMs: systemHost.nowMs() };
  await metadata.mail.add(mail, maxWaitingMails);
}
