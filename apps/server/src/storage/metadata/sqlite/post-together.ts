/** The most messages that one post carries: beyond, the first of them would wait for the last. */
const maxTogether = 32;

/** The end that messages are posted to. */
export interface PostTogether<Message> {
  readonly post: (messages: readonly Message[]) => void;
  /** A message that can't be cloned hurts nobody but whoever waits for it. */
  readonly onUnsendable: (message: Message, error: unknown) => void;
}

/** Posts what one turn of the event loop has to send as one message between threads: each post costs a serialiser, a wake-up of the other thread and an event there, several times what a small call or answer does itself. */
export function postTogether<Message>({ post, onUnsendable }: PostTogether<Message>): (message: Message) => void {
  let waiting: Message[] = [];

  function flush(): void {
    const messages = waiting;
    waiting = [];
    if (messages.length === 0) return;
    try {
      post(messages);
    } catch {
      for (const message of messages) postAlone(message);
    }
  }

  function postAlone(message: Message): void {
    try {
      post([message]);
    } catch (error) {
      onUnsendable(message, error);
    }
  }

  return (message) => {
    waiting.push(message);
    if (waiting.length === 1) setImmediate(flush);
    if (waiting.length >= maxTogether) flush();
  };
}
