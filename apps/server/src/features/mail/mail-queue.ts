import { encodeIdPart, idPartBytes } from "@satchel/protocol";
import { deliverNext, type DeliveryParts } from "./deliver-next.ts";
import type { Mailer } from "./mailer.ts";
import { sealMail } from "./sealed-mail.ts";

/** More messages than this don't wait; a flood of them is nobody's mail. */
export const maxWaitingMails = 10_000;
/** How often it is looked whether another server left something behind. */
const lookEveryMs = 60_000;
/** A clock that is behind must not make this spin. */
const shortestPauseMs = 100;

interface MailQueueParts extends DeliveryParts {
  /** The queue itself can't be read. It is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Messages wait in the database until a mail server took them, through crashes and restarts. Any number of servers may work on one queue: each message is taken by one of them, for a while. One that dies
 * between handing a message over and writing that down makes it come twice, with the same Message-ID.
 */
export function openMailQueue(parts: MailQueueParts): Mailer {
  const { store, key, host, onLost, onFailure } = parts;
  const closing = new AbortController();
  let isWanted = false;
  let working: Promise<void> | undefined;
  let cancelLook = (): void => {};

  function wake(): void {
    if (closing.signal.aborted) return;
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
      while (isWanted && !closing.signal.aborted) {
        isWanted = false;
        for (let isMore = true; isMore && !closing.signal.aborted;) isMore = await deliverNext(parts);
      }
      const dueMs = await store.nextDueMs();
      if (dueMs !== undefined) pauseMs = Math.min(lookEveryMs, Math.max(shortestPauseMs, dueMs - host.nowMs()));
    } catch (error) {
      onFailure(error);
    }
    if (!closing.signal.aborted) cancelLook = host.after(pauseMs, wake);
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
      closing.abort();
      cancelLook();
      await working;
    },
  };
}
