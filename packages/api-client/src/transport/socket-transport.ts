/** WebSockets that carry text from the server. */
export interface SocketTransport {
  /** Returns at once; everything else is told through the handlers, `onClose` exactly once and last. */
  open(request: SocketRequest, handlers: SocketHandlers): OpenSocket;
}

export interface SocketRequest {
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SocketHandlers {
  onOpen(): void;
  onMessage(text: string): void;
  /** The other end lives: an answer to `ping`, or a ping of its own. */
  onAlive(): void;
  onClose(end: SocketEnd): void;
}

/** How a connection ended: with `status` when the server refused to open it, else with the close code of RFC 6455. */
export interface SocketEnd {
  readonly code: number;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
}

export interface OpenSocket {
  ping(): void;
  /** Ends it without waiting for the other end. */
  terminate(): void;
}
