/** One HTTP exchange. Implementations don't retry and don't follow redirects. */
export interface HttpTransport {
  /** @throws OfflineError when no answer came; the signal's reason when it aborted. */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Ends all connections; calls in flight fail. The next call opens new ones. */
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With the query; an absolute URL for a signed address on another host. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces in order, sent as they are, not copied. */
  readonly body?: readonly Uint8Array[] | undefined;
  /** Where the body of the answer is put if it fits. */
  readonly receiveInto?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether repeating it is harmless, so that a connection that died while idle may be replaced without telling. */
  readonly idempotent: boolean;
  /** How long the server may take to begin its answer, where it is meant to take its time (long-polling). */
  readonly answerWithinMs?: number | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** No usable answer from the server: no network, no such host, refused, reset, timed out, or a gateway that says so. May pass by itself. */
export class OfflineError extends Error {
  override readonly name = "OfflineError";
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfterSeconds?: number | undefined } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
