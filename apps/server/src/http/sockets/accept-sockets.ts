import type { IncomingMessage, Server } from "node:http";
import type { BlockList } from "node:net";
import type { Duplex } from "node:stream";
import { idOfNothing, ProblemError, tokenOfProtocols } from "@satchel/protocol";
import type { FastifyBaseLogger } from "fastify";
import { WebSocketServer, type WebSocket } from "ws";
import type { z } from "zod";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import type { Right } from "../../features/authorisation/right.ts";
import type { RateLimits } from "../../features/rate-limit/rate-limits.ts";
import type { Role } from "../../features/roles/role.ts";
import type { ServerCore } from "../../server-core.ts";
import { clientAddress } from "../requests/client-address.ts";
import { rawProblem } from "../answers/client-errors.ts";
import { toProblem } from "../answers/problem-answers.ts";
import { requestIdOf } from "../requests/request-log.ts";

/** A connection that gave no sign of life between two of these is dead: noticed within 50 s. */
const defaultHeartbeatMs = 25_000;
/** A heartbeat that comes later than so many times its interval judges nobody. */
const lateFactor = 1.2;
/** Sent when a connection can't go on (RFC 6455: the server met an unexpected condition). */
const serverError = 1011;

/** What one address has WebSockets for. */
export interface SocketKind {
  readonly path: string;
  /** Which processes hold them. */
  readonly role: Role;
  readonly right: Right;
  /** The subprotocol that a client may ask for. */
  readonly protocol: string;
  readonly maxIncomingBytes: number;
  /** Whether this may be opened; resolves with what is done once it is. @throws ProblemError, which is answered instead of opening it */
  prepare(caller: Caller, parameters: URLSearchParams): Promise<(webSocket: WebSocket) => Promise<Serving>>;
  /** Called with each heartbeat, for messages about rights that were lost. */
  check(): Promise<void>;
}

/** An open connection. */
export interface Serving {
  /** Bytes that came. @throws Error for what is no message; the connection is ended */
  readonly receive?: (message: Uint8Array) => void;
  /** It is closed. */
  readonly end: () => void;
}

interface AcceptOptions {
  readonly core: ServerCore;
  readonly kinds: readonly SocketKind[];
  /** Of this process. */
  readonly roles: ReadonlySet<Role>;
  readonly logger: FastifyBaseLogger;
  readonly heartbeatMs?: number | undefined;
  readonly limits: RateLimits;
  readonly trustedProxies: BlockList;
}

/** Takes WebSockets of the HTTP server. Returns what ends the heartbeat; whoever serves the sockets closes them. */
export function acceptSockets(server: Server, options: AcceptOptions): () => void {
  const { core, kinds, roles, logger, heartbeatMs = defaultHeartbeatMs, limits, trustedProxies } = options;
  const silent = new Set<WebSocket>();
  const accepting = kinds.map((kind) => ({
    kind,
    sockets: new WebSocketServer({
      noServer: true,
      maxPayload: kind.maxIncomingBytes,
      perMessageDeflate: false,
      // Never the one that carries a token: the answer would say it again.
      handleProtocols: (offered) => (offered.has(kind.protocol) ? kind.protocol : false),
    }),
  }));

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://satchel.invalid");
    const accepted = accepting.find(({ kind }) => kind.path === pathname);
    if (!accepted) throw new ProblemError("not_found", "there is no WebSocket at this address");
    const { kind, sockets } = accepted;
    // Who it is isn't even looked at.
    if (!roles.has(kind.role))
      throw new ProblemError("unavailable", "this process doesn't hold such connections", { retryAfterSeconds: 1 });
    await limits.admitAddress(clientAddress(request, trustedProxies));
    const principal = await core.authenticator.authenticate(authorizationOf(request));
    const caller = core.authorisation.requireRight(principal, kind.right);
    await limits.admitCaller(caller);
    const open = await kind.prepare(caller, searchParams);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      serve(webSocket, silent, open).catch((error: unknown) => {
        logger.error({ err: error }, "a WebSocket failed");
        webSocket.close(serverError);
      });
    });
  }

  let lastBeatMs = performance.now();
  function beat(): void {
    const now = performance.now();
    // Who was held up itself has answers lying there that it hasn't read yet.
    const isLate = now - lastBeatMs > lateFactor * heartbeatMs;
    lastBeatMs = now;
    for (const { kind, sockets } of accepting) {
      for (const webSocket of sockets.clients) {
        if (silent.has(webSocket) && !isLate) webSocket.terminate();
        else {
          silent.add(webSocket);
          webSocket.ping();
        }
      }
      kind.check().catch((error: unknown) => logger.warn({ err: error }, "logins could not be checked"));
    }
  }

  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    upgrade(request, socket, head).catch((error: unknown) => {
      const problem = toProblem(error);
      if (problem.status >= 500) logger.error({ err: error }, "a WebSocket could not be opened");
      socket.end(rawProblem(problem, requestIdOf(request)));
    });
  });
  const timer = setInterval(beat, heartbeatMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A browser can't set the header, so there the token comes among the subprotocols. */
function authorizationOf({ headers }: IncomingMessage): string | undefined {
  const token = tokenOfProtocols(headers["sec-websocket-protocol"]);
  return headers.authorization ?? (token === undefined ? undefined : `Bearer ${token}`);
}

/** Until the socket is closed. Sockets that were not heard of since the last ping are in `silent`. */
async function serve(
  webSocket: WebSocket,
  silent: Set<WebSocket>,
  open: (webSocket: WebSocket) => Promise<Serving>,
): Promise<void> {
  webSocket.on("error", () => webSocket.terminate());
  webSocket.on("pong", () => silent.delete(webSocket));
  const closed = new Promise<void>((resolve) => webSocket.once("close", () => resolve()));
  // What comes while it is being opened, waits.
  webSocket.pause();
  const serving = await open(webSocket);
  webSocket.on("message", (message: Buffer) => {
    silent.delete(webSocket);
    try {
      serving.receive?.(message);
    } catch {
      webSocket.close(unreadable);
    }
  });
  webSocket.resume();
  await closed;
  silent.delete(webSocket);
  serving.end();
}

/** What came is no message (RFC 6455: not consistent with the type of the message). */
const unreadable = 1007;

/** @throws bad_request, and not_found for an id that nothing can have */
export function parseSocketQuery<Schema extends z.ZodType>(
  schema: Schema,
  parameters: URLSearchParams,
): z.output<Schema> {
  const query = schema.safeParse(Object.fromEntries([...parameters].filter(([, value]) => value !== "")));
  if (query.success) return query.data;
  const [issue] = query.error.issues;
  throw new ProblemError(issue?.message === idOfNothing ? "not_found" : "bad_request", issue?.message);
}
