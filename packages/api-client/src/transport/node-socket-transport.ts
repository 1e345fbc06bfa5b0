import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { findProxy, type ProxyEnvironment } from "./proxy/find-proxy.ts";
import { openTunnel } from "./proxy/open-tunnel.ts";
import type { OpenSocket, SocketEnd, SocketHandlers, SocketRequest, SocketTransport } from "./socket-transport.ts";

/** The longest message: a push with its changes and the bytes that it carries, in JSON and base64. */
const maxMessageBytes = 4 * 1024 * 1024;
const openWithinMs = 15_000;

/** WebSockets over ws. */
export function createSocketTransport(serverUrl: string, environment: ProxyEnvironment = process.env): SocketTransport {
  const base = serverUrl.replace(/^http/, "ws").replace(/\/$/, "");
  return { open: (request, handlers) => openSocket({ base, environment }, request, handlers) };
}

interface Way {
  readonly base: string;
  readonly environment: ProxyEnvironment;
}

function openSocket({ base, environment }: Way, request: SocketRequest, handlers: SocketHandlers): OpenSocket {
  let refusal: Pick<SocketEnd, "status" | "retryAfterSeconds"> = { status: undefined, retryAfterSeconds: undefined };
  const socket = new WebSocket(base + request.path, {
    headers: request.headers,
    maxPayload: maxMessageBytes,
    handshakeTimeout: openWithinMs,
    followRedirects: false,
    perMessageDeflate: false,
    ...throughProxy(new URL(base), environment),
  });
  socket.on("open", () => handlers.onOpen());
  socket.on("message", (data, isBinary) => {
    if (!isBinary) handlers.onMessage((data as Buffer).toString("utf8"));
  });
  socket.on("pong", () => handlers.onAlive());
  socket.on("ping", () => handlers.onAlive());
  socket.on("unexpected-response", (clientRequest, response) => {
    const asked = Number(response.headers["retry-after"]);
    refusal = {
      status: response.statusCode,
      retryAfterSeconds: Number.isInteger(asked) && asked >= 0 ? asked : undefined,
    };
    clientRequest.destroy();
    socket.terminate();
  });
  // What went wrong is followed by 'close', which is what counts.
  socket.on("error", () => undefined);
  socket.on("close", (code) => handlers.onClose({ ...refusal, code }));
  return {
    ping: () => {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    },
    terminate: () => socket.terminate(),
  };
}

/** What a proxy does with an upgrade is its own affair, so a tunnel is asked for in any case. A variable that names no proxy is told by the requests beside. */
function throughProxy(target: URL, environment: ProxyEnvironment): object {
  let proxy: URL | undefined;
  try {
    proxy = findProxy(target, environment);
  } catch (error) {
    return { createConnection: (_options: unknown, connected: Connected) => connected(error as Error) };
  }
  if (!proxy) return {};
  const isSecure = target.protocol === "wss:";
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const port = Number(target.port) || (isSecure ? 443 : 80);
  const tunnel = openTunnel.bind(undefined, proxy, { host, port, isSecure }, openWithinMs);
  return {
    createConnection(_options: unknown, connected: Connected): void {
      tunnel().then(
        (socket) => connected(null, socket),
        (error: unknown) => connected(error as Error),
      );
    },
  };
}

type Connected = (error: Error | null, socket?: Socket) => void;
