import type { Host } from "../../host.ts";
import type { DeliverMail, Mailer, MailMessage } from "./mailer.ts";

/** More messages than this are not kept. */
const maxWaiting = 1000;
/** Pauses between tries; after the last one a message is given up. */
const pausesMs = [5000, 60_000, 600_000];

interface QueuedMailerParts {
  readonly deliver: DeliverMail;
  readonly host: Host;
  /** Told of each message that was given up, without its text. */
  readonly onLost: (reason: unknown, subject: string) => void;
}

/** Delivers one message after another, and tries again where a server is not there for a while. */
export function createQueuedMailer({ deliver, host, onLost }: QueuedMailerParts): Mailer {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function attempt(message: MailMessage): Promise<void> {
    for (const pauseMs of [...pausesMs, undefined]) {
      try {
        return await deliver(message);
      } catch (error) {
        if (pauseMs === undefined || isClosed) return onLost(error, message.subject);
        await new Promise<void>((resolve) => void host.after(pauseMs, resolve));
      }
    }
  }

  return {
    send(message) {
      if (waiting >= maxWaiting || isClosed) return onLost(new Error("too many messages wait"), message.subject);
      waiting += 1;
      last = last.then(() => attempt(message)).finally(() => (waiting -= 1));
    },
    close() {
      isClosed = true;
      return last;
    },
  };
}
