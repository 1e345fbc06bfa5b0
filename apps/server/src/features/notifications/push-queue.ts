import type { FeedPosition } from "../../storage/metadata/tree-store.ts";

/** Where pushes go: a WebSocket, or a simulated device. */
export interface PushSink {
  /** Calls `onSent` when the message has left, or never, when the connection ends first. */
  send(text: string, onSent: () => void): void;
  /** Bytes that were given to `send` and have not left. */
  backlogBytes(): number;
  close(code: number, reason: string): void;
}

interface Span {
  readonly before: FeedPosition;
  readonly after: FeedPosition;
}

/** The most bytes that wait in one connection. */
export const maxBacklogBytes = 1024 * 1024;

/**
 * Sends to one connection, and when it doesn't keep up, stops: what it misses is told in one 'look again' once its backlog has left. So a
 * slow reader costs no more than {@link maxBacklogBytes}.
 */
export class PushQueue {
  readonly #sink: PushSink;
  readonly #describeMissed: (missed: Span) => string;
  #missed: Span | undefined;

  constructor(sink: PushSink, describeMissed: (missed: Span) => string) {
    this.#sink = sink;
    this.#describeMissed = describeMissed;
  }

  /** `texts` tell of the feed between the ends of the span. */
  push(span: Span, texts: readonly string[]): void {
    if (this.#missed || this.#sink.backlogBytes() > maxBacklogBytes) {
      this.#missed = { before: this.#missed?.before ?? span.before, after: span.after };
      return;
    }
    for (const text of texts) this.#sink.send(text, this.#catchUp);
  }

  close(code: number, reason: string): void {
    this.#sink.close(code, reason);
  }

  readonly #catchUp = (): void => {
    if (!this.#missed || this.#sink.backlogBytes() > 0) return;
    const missed = this.#missed;
    this.#missed = undefined;
    this.#sink.send(this.#describeMissed(missed), this.#catchUp);
  };
}
