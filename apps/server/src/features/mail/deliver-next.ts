import type { Host } from "../../host.ts";
import type { MailQueueStore, QueuedMail } from "../../storage/metadata/mail-queue-store.ts";
import { MailRefusedError, type DeliverMail } from "./mailer.ts";
import { openMail, sealMail, type KeptMail } from "./sealed-mail.ts";

/** Pauses between tries, a day in all; after the last one a message is given up. */
export const mailPausesMs = [5000, 60_000, 600_000, 3600_000, 3 * 3600_000, 6 * 3600_000, 12 * 3600_000] as const;
/** Longer than a try takes, so that no other server takes the message meanwhile. */
const leaseMs = 2 * 60_000;
const maxReasonLength = 300;

/** What delivering takes. */
export interface DeliveryParts {
  readonly store: MailQueueStore;
  /** Seals what waits. */
  readonly key: Uint8Array;
  readonly deliver: DeliverMail;
  readonly host: Host;
  /** Told of each message that was given up, without its text. */
  readonly onLost: (reason: unknown, subject: string) => void;
}

/** Tries the message that has been due longest, and writes down what became of it. Answers whether there was one. */
export async function deliverNext(parts: DeliveryParts): Promise<boolean> {
  const { store, key, host } = parts;
  const mail = await store.take({ nowMs: host.nowMs(), leaseMs });
  if (!mail) return false;
  const kept = openMail(key, mail.id, mail.sealed);
  const failure = await failureOf(parts, mail, kept);
  if (failure === undefined) await store.remove(mail.id);
  else await keepAfter(parts, { mail, kept: kept ?? { to: "", subject: "" }, failure });
  return true;
}

async function failureOf(
  { deliver, host }: DeliveryParts,
  { id, createdAtMs }: QueuedMail,
  kept: KeptMail | undefined,
): Promise<Error | undefined> {
  if (kept?.text === undefined) return new MailRefusedError("it was sealed by another server's key");
  if (kept.to === "") return undefined;
  // It would send somebody to a page that can only tell them to ask again.
  if (host.nowMs() >= createdAtMs + (kept.goodForMs ?? Infinity))
    return new MailRefusedError("no mail server took it before its link ended");
  try {
    await deliver({ id, to: kept.to, subject: kept.subject, text: kept.text });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function keepAfter(
  { store, key, host, onLost }: DeliveryParts,
  attempt: { readonly mail: QueuedMail; readonly kept: KeptMail; readonly failure: Error },
): Promise<void> {
  const { mail, failure } = attempt;
  const { to, subject, text = "", goodForMs } = attempt.kept;
  const reason = failure.message.slice(0, maxReasonLength);
  const pauseMs = failure instanceof MailRefusedError ? undefined : mailPausesMs[mail.tries - 1];
  const isLast = pauseMs === undefined;
  const sealed = sealMail(key, mail.id, {
    to,
    subject,
    reason,
    ...(!isLast && { text, ...(goodForMs !== undefined && { goodForMs }) }),
  });
  await store.putOff(mail.id, { sealed, dueAtMs: isLast ? null : host.nowMs() + pauseMs });
  if (isLast) onLost(failure, subject);
}
