import type { ServerConfig } from "./config.ts";
import { openMail } from "./features/mail/sealed-mail.ts";
import { openKeys } from "./open-audit.ts";
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
