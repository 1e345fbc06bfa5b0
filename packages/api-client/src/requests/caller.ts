import { ProblemError, problemSchema } from "@satchel/protocol";
import { retry } from "../retry/retry.ts";
import type { RetryNotice, RetryPolicy } from "../retry/retry.ts";
import type { Timing } from "../retry/timing.ts";
import { LoginRevokedError } from "../tokens/token-source.ts";
import type { TokenSource } from "../tokens/token-source.ts";
import { OfflineError } from "../transport/transport.ts";
import type { HttpRequest, HttpResponse, HttpTransport } from "../transport/transport.ts";

/** What every call accepts. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's own. */
  readonly retry?: RetryPolicy | undefined;
}

export interface CallerOptions {
  readonly transport: HttpTransport;
  /** Without it, only what needs no login can be called. */
  readonly tokens?: TokenSource | undefined;
  readonly retry: RetryPolicy;
  readonly timing: Timing;
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined;
}

export interface Call {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly contentType?: string;
  /** Beside those that every call has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly Uint8Array[];
  /** For what changes something: repeating the call with the same key gives the first answer. */
  readonly idempotencyKey?: string | undefined;
  /** Default 'bearer'; 'none' for logins and for signed addresses, which carry their right in themselves. */
  readonly auth?: "bearer" | "none";
  /** False for what must not be sent twice when the answer got lost. Default true. */
  readonly repeatable?: boolean;
  readonly answerWithinMs?: number;
  /** Memory that the answer may be put in: what is returned may then be a view on it. */
  readonly receiveInto?: Uint8Array | undefined;
}

/** Sends calls with the login's token and the retry policy, and turns refusals into typed errors. */
export type Caller = (call: Call, options: CallOptions | undefined) => Promise<Uint8Array>;

/** The server, or something that pretends to be it, gave an answer that the API doesn't have. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
}

export function createCaller(client: CallerOptions): Caller {
  return (call, options) =>
    retry(() => sendOnce(client, call, options?.signal), {
      policy: options?.retry ?? client.retry,
      timing: client.timing,
      signal: options?.signal,
      onRetry: client.onRetry,
      ...(call.repeatable === false
        ? { when: (error: unknown) => error instanceof ProblemError && error.class === "retry" }
        : {}),
    });
}

async function sendOnce(client: CallerOptions, call: Call, signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (call.auth === "none") return readAnswer(await client.transport.send(requestOf(call, undefined, signal)));
  if (!client.tokens) throw new LoginRevokedError("this device is not logged in");
  const token = await client.tokens.get();
  const response = await client.transport.send(requestOf(call, token, signal));
  if (!wantsAnotherToken(response)) return readAnswer(response);
  const renewed = await client.tokens.renew(token);
  return readAnswer(await client.transport.send(requestOf(call, renewed, signal)));
}

function requestOf(call: Call, token: string | undefined, signal: AbortSignal | undefined): HttpRequest {
  const headers: Record<string, string> = { ...call.headers };
  if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
  if (call.contentType !== undefined) headers["content-type"] = call.contentType;
  if (call.idempotencyKey !== undefined) headers["idempotency-key"] = call.idempotencyKey;
  return {
    method: call.method,
    path: call.path,
    headers,
    body: call.body,
    signal,
    idempotent: call.repeatable ?? true,
    answerWithinMs: call.answerWithinMs,
    receiveInto: call.receiveInto,
  };
}

/** A token that is refused as expired or as unknown is worth one exchange; a revoked login is not. */
function wantsAnotherToken(response: HttpResponse): boolean {
  if (response.status !== 401) return false;
  const problem = parseProblem(response);
  return problem?.code === "token_expired" || problem?.code === "unauthenticated";
}

function readAnswer(response: HttpResponse): Uint8Array {
  if (response.status >= 200 && response.status < 300 && !isPage(response)) return response.body;
  const retryAfterSeconds = parseRetryAfter(response.headers["retry-after"]);
  const problem = parseProblem(response);
  if (problem?.code === "login_revoked") throw new LoginRevokedError();
  if (problem) {
    const { current, missing_chunk_hashes, missing_bytes } = problem;
    throw new ProblemError(problem.code, problem.detail, {
      extra: {
        ...(current === undefined ? {} : { current }),
        ...(missing_chunk_hashes ? { missing_chunk_hashes } : {}),
        ...(missing_bytes === undefined ? {} : { missing_bytes }),
      },
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
  if (gatewayStatuses.has(response.status)) {
    throw new OfflineError(`the way to the server is closed (${response.status})`, { retryAfterSeconds });
  }
  if (response.status === 413)
    throw new ProblemError("body_too_large", "a proxy on the way refuses requests of this size");
  if (isProblem(response)) {
    throw new UnexpectedAnswerError(`the answer (${response.status}) is not one that this program knows`);
  }
  throw new OfflineError(explainForeign(response));
}

/** Pages are for people: who answers with one is not the server, but a network that wants its guest to sign in first, or a wrong address. */
function isPage({ headers }: HttpResponse): boolean {
  return headers["content-type"]?.startsWith("text/html") ?? false;
}

function explainForeign({ status, headers }: HttpResponse): string {
  const location = headers["location"];
  const where = location !== undefined && URL.canParse(location) ? ` and points to ${new URL(location).origin}` : "";
  return `something else than a Satchel server answers at its address (${status})${where}; perhaps the network wants you to sign in`;
}

/** What a proxy in front of the server says when the server is down or overrun. */
const gatewayStatuses = new Set([429, 502, 503, 504]);

function isProblem({ headers }: HttpResponse): boolean {
  return headers["content-type"]?.startsWith("application/problem+json") ?? false;
}

function parseProblem(response: HttpResponse): ReturnType<typeof problemSchema.parse> | undefined {
  if (!isProblem(response)) return undefined;
  try {
    return problemSchema.safeParse(JSON.parse(new TextDecoder().decode(response.body))).data;
  } catch {
    return undefined;
  }
}

/** Seconds only: Satchel sends no dates, and a date would trust two clocks. */
function parseRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
