import { bearerProtocol, notificationsProtocol } from "@satchel/protocol";
import type { OpenSocket, SocketHandlers, SocketRequest, SocketTransport } from "./socket-transport.ts";

/** A browser can't send a ping, so it says a word: the server takes any message as a sign of life. */
const ping = "ping";

/** The browser's WebSockets. It can send no headers with them, so the token goes along as an offered subprotocol, which no log keeps. */
export function createSocketTransport(serverUrl: string): SocketTransport {
  const base = serverUrl.replace(/^http/, "ws").replace(/\/$/, "");
  return { open: (request, handlers) => openSocket(base, request, handlers) };
}

function openSocket(base: string, request: SocketRequest, handlers: SocketHandlers): OpenSocket {
  const token = request.headers["authorization"]?.replace(/^Bearer /, "");
  const protocols = token === undefined ? [notificationsProtocol] : [notificationsProtocol, bearerProtocol(token)];
  const socket = new WebSocket(base + request.path, protocols);
  let ended = false;
  const end = (code: number): void => {
    if (ended) return;
    ended = true;
    // Why a connection was refused is not told to a page.
    handlers.onClose({ code, status: undefined, retryAfterSeconds: undefined });
  };
  socket.addEventListener("open", () => handlers.onOpen());
  socket.addEventListener("message", (event) => {
    const data: unknown = event.data;
    if (!ended && typeof data === "string") handlers.onMessage(data);
  });
  socket.addEventListener("close", ({ code }) => end(code));
  return {
    ping: () => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(ping);
      // There is no answer to wait for: a connection that died shows as bytes that stay in the buffer.
      if (socket.bufferedAmount === 0) handlers.onAlive();
    },
    terminate: () => {
      socket.close();
      end(noStatusReceived);
    },
  };
}

/** RFC 6455, section 7.4.1: the connection ended without a word. */
const noStatusReceived = 1005;
