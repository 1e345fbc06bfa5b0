import type { BusMessage } from "../bus.ts";
import { encodeMessage } from "../encode-message.ts";

/** What waits at most, in messages and in characters of them. */
const maxMessages = 10_000;
const maxCharacters = 32 * 1024 * 1024;
const gap = encodeMessage({ kind: "gap" } satisfies BusMessage);

interface Outgoing {
  readonly text: string;
  readonly onSent: (() => void) | undefined;
}

/** Messages on their way out, in order and bounded: when there are too many all are dropped, and a gap is told in their place. */
export class OutgoingMessages {
  #waiting: Outgoing[] = [];
  #characters = 0;
  #arrived = Promise.withResolvers<void>();
  #emptied: PromiseWithResolvers<void> | undefined;
  #isClosed = false;

  /** `onSent` is called when it was sent; never, when it is dropped. */
  add(text: string, onSent?: () => void): void {
    if (this.#isClosed) return;
    if (this.#waiting.length >= maxMessages || this.#characters + text.length > maxCharacters) {
      this.#waiting = [{ text: gap, onSent: undefined }];
      this.#characters = gap.length;
    } else {
      this.#waiting.push({ text, onSent });
      this.#characters += text.length;
    }
    this.#arrived.resolve();
  }

  /** The first ones, at most `limit`, as soon as there are any; none when closed. They stay until they are removed. */
  async next(limit: number): Promise<readonly string[]> {
    while (this.#waiting.length === 0 && !this.#isClosed) {
      this.#emptied?.resolve();
      this.#arrived = Promise.withResolvers<void>();
      await this.#arrived.promise;
    }
    return this.#waiting.slice(0, limit).map(({ text }) => text);
  }

  /** The first ones were sent. */
  remove(count: number): void {
    for (const { text, onSent } of this.#waiting.splice(0, count)) {
      this.#characters -= text.length;
      onSent?.();
    }
    if (this.#waiting.length === 0) this.#emptied?.resolve();
  }

  /** Resolves when nothing waits. */
  async sent(): Promise<void> {
    if (this.#waiting.length === 0) return;
    this.#emptied ??= Promise.withResolvers<void>();
    await this.#emptied.promise;
  }

  close(): void {
    this.#isClosed = true;
    this.#arrived.resolve();
  }
}
