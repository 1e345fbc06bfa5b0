import { openSealed, seal } from "../identity/factors/seal.ts";
import type { MailMessage } from "./mailer.ts";

/** What is kept of a message: links in it open accounts, so that whoever has the database alone must not read it. */
export interface KeptMail extends Pick<MailMessage, "to" | "subject" | "goodForMs"> {
  /** Left out once it was given up. */
  readonly text?: string;
  /** Why it was not delivered last time. */
  readonly reason?: string;
}

export function sealMail(key: Uint8Array, id: string, mail: KeptMail): string {
  return seal(key, `mail ${id}`, JSON.stringify(mail));
}

/** Undefined when it was sealed by another server's key, or is damaged. */
export function openMail(key: Uint8Array, id: string, sealed: string): KeptMail | undefined {
  try {
    return JSON.parse(openSealed(key, `mail ${id}`, sealed)) as KeptMail;
  } catch {
    return undefined;
  }
}
