import { encodeIdPart, idPartBytes } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { MailQueueStore, QueuedMail } from "../../storage/metadata/mail-queue-store.ts";
import { MailRefusedError, type DeliverMail, type Mailer } from "./mailer.ts";
import { openMail, sealMail, type KeptMail } from "./sealed-mail.ts";

/** More messages than this don't wait; a flood of them is nobody's mail. */
export const maxWaitingMails = 10_000;
/** Pauses between tries, a day in all; after the last one a message is given up. */
export const mailPausesMs = [5000, 60_000, 600_000, 3600_000, 3 * 3600_000, 6 * 3600_000, 12 * 3600_000] as const;
/** Longer than a try takes, so that no other server takes the message meanwhile. */
const leaseMs = 2 * 60_000;
/** How often it is looked whether another server left something behind. */
const lookEveryMs = 60_000;
/** A clock that is behind must not make this spin. */
const shortestPauseMs = 100;
const maxReasonLength = 300;

interface MailQueueParts {
  readonly store: MailQueueStore;
  /** Seals what waits. */
  readonly key: Uint8Array;
  readonly deliver: DeliverMail;
  readonly host: Host;
  /** Told of each message that was given up, without its text. */
  readonly onLost: (reason: unknown, subject: string) => void;
  /** The queue itself can't be read. It is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Messages wait in the database until a mail server took them, through crashes and restarts. Any number of servers may work on one queue: each message is taken by one of them, for a while. One that dies
 * between handing a message over and writing that down makes it come twice, with the same Message-ID.
 */
export function openMailQueue({ store, key, deliver, host, onLost, onFailure }: MailQueueParts): Mailer {
  let isClosed = false;
  let isWanted = false;
  let working: Promise<void> | undefined;
  let cancelLook = (): void => {};

  function wake(): void {
    if (isClosed) return;
    isWanted = true;
    working ??= work().finally(() => {
      working = undefined;
      if (isWanted) wake();
    });
  }

  async function work(): Promise<void> {
    cancelLook();
    let pauseMs = lookEveryMs;
    try {
      while (isWanted && !isClosed) {
        isWanted = false;
        while (!isClosed && (await deliverNext()));
      }
      const dueMs = await store.nextDueMs();
      if (dueMs !== undefined) pauseMs = Math.min(lookEveryMs, Math.max(shortestPauseMs, dueMs - host.nowMs()));
    } catch (error) {
      onFailure(error);
    }
    if (!isClosed) cancelLook = host.after(pauseMs, wake);
  }

  /** Answers whether there was one. */
  async function deliverNext(): Promise<boolean> {
    const mail = await store.take({ nowMs: host.nowMs(), leaseMs });
    if (!mail) return false;
    const kept = openMail(key, mail.id, mail.sealed);
    const failure = await failureOf(mail.id, kept);
    if (failure === undefined) await store.remove(mail.id);
    else await keepAfter(mail, kept ?? { to: "", subject: "" }, failure);
    return true;
  }

  async function failureOf(id: string, kept: KeptMail | undefined): Promise<Error | undefined> {
    if (kept?.text === undefined) return new MailRefusedError("it was sealed by another server's key");
    if (kept.to === "") return undefined;
    try {
      await deliver({ id, to: kept.to, subject: kept.subject, text: kept.text });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async function keepAfter(mail: QueuedMail, { to, subject, text = "" }: KeptMail, failure: Error): Promise<void> {
    const reason = failure.message.slice(0, maxReasonLength);
    const pauseMs = failure instanceof MailRefusedError ? undefined : mailPausesMs[mail.tries - 1];
    const isLast = pauseMs === undefined;
    const sealed = sealMail(key, mail.id, { to, subject, reason, ...(!isLast && { text }) });
    await store.putOff(mail.id, { sealed, dueAtMs: isLast ? null : host.nowMs() + pauseMs });
    if (isLast) onLost(failure, subject);
  }

  wake();
  return {
    async send(message) {
      const { accountId = null, ...content } = message ?? { to: "", subject: "", text: "" };
      const id = encodeIdPart(host.randomBytes(idPartBytes));
      const mail = { id, accountId, sealed: sealMail(key, id, content), createdAtMs: host.nowMs() };
      const isKept = await store.add(mail, maxWaitingMails);
      if (!isKept) onLost(new Error("too many messages wait"), content.subject);
      wake();
    },
    async close() {
      isClosed = true;
      cancelLook();
      await working;
    },
  };
}
