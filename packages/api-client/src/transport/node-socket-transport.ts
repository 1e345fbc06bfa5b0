import { WebSocket } from "ws";
import type { OpenSocket, SocketEnd, SocketHandlers, SocketRequest, SocketTransport } from "./socket-transport.ts";

/** The longest message: a push with its changes and the bytes that it carries, in JSON and base64. */
const maxMessageBytes = 4 * 1024 * 1024;
const openWithinMs = 15_000;

/** WebSockets over ws. */
export function createSocketTransport(serverUrl: string): SocketTransport {
  const base = serverUrl.replace(/^http/, "ws").replace(/\/$/, "");
  return { open: (request, handlers) => openSocket(base, request, handlers) };
}

function openSocket(base: string, request: SocketRequest, handlers: SocketHandlers): OpenSocket {
  let refusal: Pick<SocketEnd, "status" | "retryAfterSeconds"> = { status: undefined, retryAfterSeconds: undefined };
  const socket = new WebSocket(base + request.path, {
    headers: request.headers,
    maxPayload: maxMessageBytes,
    handshakeTimeout: openWithinMs,
    followRedirects: false,
    perMessageDeflate: false,
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
