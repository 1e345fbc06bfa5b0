import { chmod, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { formatMessage, readMessages } from "./control-protocol.ts";
import type { ControlCall, ControlCalls, ControlMessage, ControlRequest, SyncEvent } from "./control-protocol.ts";

/** What answers each call; `signal` aborts when the asker is gone. */
export type ControlHandlers = {
  readonly [Call in Exclude<ControlCall, "subscribe">]: (
    args: ControlCalls[Call]["arguments"],
    signal: AbortSignal,
  ) => Promise<ControlCalls[Call]["result"]>;
};

export interface ControlServer {
  /** Tells all subscribers. */
  emit(event: SyncEvent): void;
  close(): Promise<void>;
}

/** How many processes may be connected at a time. */
const maxConnections = 64;
/** A subscriber that doesn't read is cut off when this much waits for it, in bytes. */
const maxBacklogBytes = 1024 * 1024;

/** Listens at `path`; whoever calls this holds the home's lock, so a socket that is there was left by a process that died. */
export async function startControlServer(path: string, handlers: ControlHandlers): Promise<ControlServer> {
  const connections = new Set<Socket>();
  const subscribers = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      connections.delete(socket);
      subscribers.delete(socket);
    });
    serve(socket, handlers, () => subscribers.add(socket)).catch(() => socket.destroy());
  });
  server.maxConnections = maxConnections;
  if (process.platform !== "win32") await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  if (process.platform !== "win32") await chmod(path, 0o600);
  return {
    emit(event) {
      for (const socket of subscribers) {
        if (socket.writableLength > maxBacklogBytes) socket.destroy();
        else socket.write(formatMessage({ event }));
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections) socket.end().unref();
        setImmediate(() => connections.forEach((socket) => socket.destroySoon()));
      }),
  };
}

async function serve(socket: Socket, handlers: ControlHandlers, subscribe: () => void): Promise<void> {
  const gone = new AbortController();
  socket.on("close", () => gone.abort());
  for await (const message of readMessages(socket)) {
    const request = parseRequest(message);
    // Not awaited: a `wait` must not hold up a `status` on the same connection.
    answer(request, handlers, { subscribe, signal: gone.signal })
      .then((reply) => socket.writable && socket.write(formatMessage(reply)))
      .catch(() => socket.destroy());
  }
}

async function answer(
  request: ControlRequest,
  handlers: ControlHandlers,
  connection: { subscribe: () => void; signal: AbortSignal },
): Promise<ControlMessage> {
  const { id, call } = request;
  if (call === "subscribe") {
    connection.subscribe();
    return { id, result: null };
  }
  if (!Object.hasOwn(handlers, call)) return { id, error: `this version of Satchel has no '${call}'` };
  const handler = handlers[call as keyof ControlHandlers] as (args: unknown, signal: AbortSignal) => Promise<unknown>;
  try {
    return { id, result: await handler(request.arguments, connection.signal) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function parseRequest(message: unknown): ControlRequest {
  const request = message as Partial<ControlRequest> | null;
  if (
    typeof request !== "object" ||
    request === null ||
    typeof request.id !== "number" ||
    typeof request.call !== "string"
  ) {
    throw new SyntaxError("not a request");
  }
  return { id: request.id, call: request.call, arguments: request.arguments ?? {} };
}
