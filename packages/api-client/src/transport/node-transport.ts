import { Pool, ProxyAgent } from "undici";
import type { Dispatcher } from "undici";
import { findProxy, type ProxyEnvironment } from "./proxy/find-proxy.ts";
import { ByteLanes } from "./http1/byte-lanes.ts";
import { OfflineError } from "./transport.ts";
import type { HttpRequest, HttpResponse, HttpTransport } from "./transport.ts";

/** How many connections to one host are open at a time. */
const maxConnectionsPerHost = 8;
/** How many hosts: the server, and the object stores that its signed addresses may point to. */
const maxHosts = 8;
const connectWithinMs = 10_000;
/** How long the server may be silent, before an answer or within it. A connection that died unseen is noticed by this. */
const answerWithinMs = 45_000;
/** Below the 72 s after which Fastify closes an idle connection. */
const keepIdleMs = 60_000;
/** The longest answer that is read: a full bundle, or a page of changes, with room to spare. */
const maxAnswerBytes = 64 * 1024 * 1024;

const lanesOptions = {
  maxConnections: maxConnectionsPerHost,
  connectWithinMs,
  silentMs: answerWithinMs,
  idleMs: keepIdleMs,
  maxAnswerBytes,
};

/** A request of at least this goes the way of bytes. */
const minByteRequestBytes = 256 * 1024;

/**
 * HTTP with connections that stay open between calls: over undici, and where there are many bytes to carry, over connections of our own, which take a third of
 * the processor's time (docs/decisions/0010-a-way-for-bytes.md).
 */
export function createHttpTransport(serverUrl: string, environment: ProxyEnvironment = process.env): HttpTransport {
  const pools = new Map<string, Dispatcher>();
  const lanes = new ByteLanes({ ...lanesOptions, maxHosts });
  const base = new URL(serverUrl);
  const prefix = base.pathname.replace(/\/$/, "");
  return {
    async send(request) {
      const url = /^https?:\/\//.test(request.path) ? new URL(request.path) : undefined;
      const path = url ? url.pathname + url.search : prefix + request.path;
      const origin = url ?? base;
      const proxy = proxyFor(origin, environment);
      if (!proxy && isForBytes(request)) return sendBytes(lanes, origin, { ...request, path });
      return exchange(openPool(pools, origin.origin, proxy), origin.origin, { ...request, path });
    },
    async close() {
      lanes.close();
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

/** A variable that names no proxy is like a proxy that doesn't answer: the person is told, and may mend it. */
function proxyFor(origin: URL, environment: ProxyEnvironment): URL | undefined {
  try {
    return findProxy(origin, environment);
  } catch (error) {
    throw new OfflineError(explain(error), { cause: error });
  }
}

function openPool(pools: Map<string, Dispatcher>, origin: string, proxy: URL | undefined): Dispatcher {
  const found = pools.get(origin);
  if (found) return found;
  if (pools.size >= maxHosts) throw new OfflineError(`the server named more than ${maxHosts} hosts`);
  const options = {
    connections: maxConnectionsPerHost,
    pipelining: 1,
    connect: { timeout: connectWithinMs },
    headersTimeout: answerWithinMs,
    bodyTimeout: answerWithinMs,
    keepAliveTimeout: keepIdleMs,
    keepAliveMaxTimeout: keepIdleMs,
    maxResponseSize: maxAnswerBytes,
  };
  const pool = proxy ? new ProxyAgent({ ...options, uri: proxy.href }) : new Pool(origin, options);
  pools.set(origin, pool);
  return pool;
}

async function exchange(pool: Dispatcher, origin: string, request: HttpRequest): Promise<HttpResponse> {
  try {
    const response = await pool.request({
      origin,
      method: request.method,
      path: request.path,
      headers: { ...request.headers, ...bodyLength(request) },
      body: joinPieces(request.body),
      idempotent: request.idempotent,
      ...(request.signal ? { signal: request.signal } : {}),
      ...(request.answerWithinMs === undefined ? {} : { headersTimeout: request.answerWithinMs }),
    });
    return { status: response.statusCode, headers: plainHeaders(response.headers), body: await response.body.bytes() };
  } catch (error) {
    request.signal?.throwIfAborted();
    throw new OfflineError(explain(error), { cause: error });
  }
}

function isForBytes({ body, receiveInto }: HttpRequest): boolean {
  return receiveInto !== undefined || lengthOf(body) >= minByteRequestBytes;
}

async function sendBytes(lanes: ByteLanes, origin: URL, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await lanes.send(origin, request);
  } catch (error) {
    request.signal?.throwIfAborted();
    throw new OfflineError(explain(error), { cause: error });
  }
}

function lengthOf(body: readonly Uint8Array[] | undefined): number {
  return (body ?? []).reduce((sum, piece) => sum + piece.length, 0);
}

/** Said for every body, so that several pieces aren't sent as HTTP chunks. */
function bodyLength(request: HttpRequest): Record<string, string> {
  return request.body ? { "content-length": String(lengthOf(request.body)) } : {};
}

/** undici writes the pieces of an iterable one by one; a short body goes out in one write together. */
function joinPieces(pieces: readonly Uint8Array[] | undefined): RequestBody {
  if (!pieces || pieces.length === 0) return null;
  const [first] = pieces;
  if (pieces.length === 1 && first) return first;
  const bytes = lengthOf(pieces);
  return bytes <= maxJoinedBytes ? Buffer.concat(pieces, bytes) : (pieces as unknown as RequestBody);
}

/** What undici's types admit; its documentation has iterables as well. */
type RequestBody = Exclude<Dispatcher.DispatchOptions["body"], undefined>;

const maxJoinedBytes = 64 * 1024;

function plainHeaders(headers: Record<string, string | string[] | undefined>): HttpResponse["headers"] {
  const plain: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) plain[name] = Array.isArray(value) ? value.join(", ") : value;
  return plain;
}

function explain(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens at that address";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host name is not known";
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
      return "the server did not answer in time";
    default: {
      const refusal =
        error instanceof Error
          ? /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(error.message)?.[1]
          : undefined;
      if (refusal !== undefined) return `the proxy refuses the way to the server (${refusal})`;
      return error instanceof Error && error.message ? error.message : "the connection broke";
    }
  }
}
