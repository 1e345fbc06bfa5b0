import type { IncomingMessage, Server } from "node:http";
import type { BlockList } from "node:net";
import type { Duplex } from "node:stream";
import { idOfNothing, notificationsProtocol, ProblemError, tokenOfProtocols } from "@satchel/protocol";
import type { FastifyBaseLogger } from "fastify";
import { WebSocketServer, type WebSocket } from "ws";
import type { z } from "zod";
import type { PushSink } from "../features/notifications/push-queue.ts";
import type { Caller } from "../features/authorisation/authorisation.ts";
import type { ServerCore } from "../server-core.ts";
import type { RateLimits } from "../features/rate-limit/rate-limits.ts";
import { clientAddress } from "./client-address.ts";
import { rawProblem } from "./client-errors.ts";
import { toProblem } from "./problem-answers.ts";
import { requestIdOf } from "./request-log.ts";
import { notificationsPath, notificationsQuerySchema, notificationsRight } from "./routes/sync-routes.ts";

/** A connection that gave no sign of life between two of these is dead: noticed within 50 s. */
const defaultHeartbeatMs = 25_000;
/** Listeners have nothing to say, so nothing they say is large. */
const maxIncomingBytes = 4096;
/** Sent when a subscription can't go on (RFC 6455: the server met an unexpected condition). */
const serverError = 1011;

/** Takes WebSockets on `/v1/sync/notifications` of the HTTP server. Returns what ends the heartbeat; the hub closes the sockets. */
export function acceptNotificationSockets(
  server: Server,
  {
    core,
    logger,
    heartbeatMs = defaultHeartbeatMs,
    limits,
    trustedProxies,
  }: {
    core: ServerCore;
    logger: FastifyBaseLogger;
    heartbeatMs?: number | undefined;
    limits: RateLimits;
    trustedProxies: BlockList;
  },
): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxIncomingBytes,
    perMessageDeflate: false,
    // Never the one that carries a token: the answer would say it again.
    handleProtocols: (offered) => (offered.has(notificationsProtocol) ? notificationsProtocol : false),
  });
  const silent = new Set<WebSocket>();

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://satchel.invalid");
    if (pathname !== notificationsPath) throw new ProblemError("not_found", "there is no WebSocket at this address");
    const address = clientAddress(request, trustedProxies);
    await limits.admitAddress(address);
    const principal = await core.authenticator.authenticate(authorizationOf(request));
    const caller = core.authorisation.requireRight(principal, notificationsRight);
    const { mode, devices, cursor, workspace_id: workspaceId } = parseQuery(searchParams);
    await limits.admitCaller(caller);
    await core.notifications.requireOpenable(caller, { workspaceId, cursor });
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const query = { mode, devices: devices === "true", cursor, workspaceId };
      serve({ core, silent, webSocket }, caller, query).catch((error: unknown) => {
        logger.error({ err: error }, "a notification connection failed");
        webSocket.close(serverError);
      });
    });
  }

  function beat(): void {
    for (const webSocket of sockets.clients) {
      if (silent.has(webSocket)) webSocket.terminate();
      else {
        silent.add(webSocket);
        webSocket.ping();
      }
    }
    core.notifications
      .endRevokedLogins()
      .catch((error: unknown) => logger.warn({ err: error }, "logins could not be checked"));
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
  { core, silent, webSocket }: { core: ServerCore; silent: Set<WebSocket>; webSocket: WebSocket },
  caller: Caller,
  query: Omit<Parameters<ServerCore["notifications"]["open"]>[1], "sink">,
): Promise<void> {
  webSocket.on("error", () => webSocket.terminate());
  webSocket.on("pong", () => silent.delete(webSocket));
  webSocket.on("message", () => silent.delete(webSocket));
  const closed = new Promise<void>((resolve) => webSocket.once("close", () => resolve()));
  const end = await core.notifications.open(caller, { ...query, sink: socketSink(webSocket) });
  await closed;
  silent.delete(webSocket);
  end();
}

/** @throws bad_request, and not_found for an id that nothing can have */
function parseQuery(parameters: URLSearchParams): z.output<typeof notificationsQuerySchema> {
  const query = notificationsQuerySchema.safeParse(
    Object.fromEntries([...parameters].filter(([, value]) => value !== "")),
  );
  if (query.success) return query.data;
  const [issue] = query.error.issues;
  throw new ProblemError(issue?.message === idOfNothing ? "not_found" : "bad_request", issue?.message);
}

function socketSink(webSocket: WebSocket): PushSink {
  return {
    send: (text, onSent) =>
      webSocket.send(text, (error) => {
        if (!error) onSent();
      }),
    backlogBytes: () => webSocket.bufferedAmount,
    close: (code, reason) => webSocket.close(code, reason),
  };
}
