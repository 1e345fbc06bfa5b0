import { createServer, request as requestOf, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { SeededRandom } from "@satchel/testkit";

/** What a reverse proxy before the server puts up with. */
export interface StrictProxyOptions {
  readonly targetPort: number;
  /** Requests with a longer body are refused with 413. */
  readonly maxBodyBytes: number;
  /** Requests that are not answered to the end by then are cut off: with 504 where the answer had not begun. */
  readonly timeoutMs: number;
  /** Requests whose connection is reset, at a random instant. */
  readonly resetShare: number;
  readonly random: SeededRandom;
}

/** A running proxy, with what it did. It lets no WebSocket through. */
export interface StrictProxy extends AsyncDisposable {
  readonly port: number;
  readonly counts: Readonly<ProxyCounts>;
}

interface ProxyCounts {
  requests: number;
  tooLarge: number;
  timeouts: number;
  /** Questions that wait for something to happen, and were cut off while they did. */
  cutPolls: number;
  resets: number;
  refusedUpgrades: number;
  /** The longest body that was let through. */
  largestBytes: number;
  /** Bytes of all bodies, those of cut and reset requests included as far as they came. */
  bodyBytes: number;
}

/** Opens one on a free port of loopback. */
export async function openStrictProxy(options: StrictProxyOptions): Promise<StrictProxy> {
  const counts: ProxyCounts = {
    requests: 0,
    tooLarge: 0,
    timeouts: 0,
    cutPolls: 0,
    resets: 0,
    refusedUpgrades: 0,
    largestBytes: 0,
    bodyBytes: 0,
  };
  const server = createServer((request, response) => {
    counts.requests += 1;
    request.on("data", (piece: Buffer) => (counts.bodyBytes += piece.length));
    const announced = Number(request.headers["content-length"] ?? 0);
    if (announced > options.maxBodyBytes) {
      counts.tooLarge += 1;
      answerPage(response, 413);
      request.resume();
      return;
    }
    counts.largestBytes = Math.max(counts.largestBytes, announced);
    if (options.random.chance(options.resetShare)) resetAtRandom(request, response, announced, options, counts);
    forward(request, response, options, counts);
  });
  server.on("upgrade", (_request, socket) => {
    counts.refusedUpgrades += 1;
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  // What a client does to its connection is its own business.
  server.on("clientError", (_error, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { targetPort, timeoutMs }: StrictProxyOptions,
  counts: ProxyCounts,
): void {
  const { method, url, headers } = request;
  const upstream = requestOf({ host: "127.0.0.1", port: targetPort, method, path: url, headers });
  const timer = setTimeout(() => {
    if (url?.startsWith("/v1/sync/poll") === true) counts.cutPolls += 1;
    else counts.timeouts += 1;
    upstream.destroy();
    if (response.headersSent) response.destroy();
    else answerPage(response, 504);
  }, timeoutMs);
  response.on("close", () => {
    clearTimeout(timer);
    upstream.destroy();
  });
  upstream.on("response", (answer) => {
    if (response.headersSent) return;
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  upstream.on("error", () => {
    if (!response.headersSent && !response.destroyed) answerPage(response, 502);
  });
  request.pipe(upstream);
  request.on("error", () => upstream.destroy());
}

/** Resets the connection somewhere on the way of the body, or of the answer. */
function resetAtRandom(
  request: IncomingMessage,
  response: ServerResponse,
  announced: number,
  { random }: StrictProxyOptions,
  counts: ProxyCounts,
): void {
  counts.resets += 1;
  const reset = (): void => void request.socket.resetAndDestroy();
  if (random.chance(0.4)) {
    // After the server did the work: the answer is what gets lost.
    const write = response.writeHead.bind(response);
    response.writeHead = ((...words: Parameters<typeof write>) => {
      reset();
      return write(...words);
    }) as typeof write;
    return;
  }
  const afterBytes = random.below(announced + 1);
  let passed = 0;
  const count = (piece: Buffer): void => {
    passed += piece.length;
    if (passed >= afterBytes) reset();
  };
  if (afterBytes === 0) reset();
  else request.on("data", count);
}

function answerPage(response: ServerResponse, status: number): void {
  const body = `<html><head><title>${status}</title></head><body>nginx</body></html>`;
  response.writeHead(status, { "content-type": "text/html", "content-length": body.length, connection: "close" });
  response.end(body);
}
