import { createConnection } from "node:net";
import type { Socket } from "node:net";
import { formatMessage, readMessages } from "./control-protocol.ts";
import type { ControlCall, ControlCalls, ControlMessage, SyncEvent } from "./control-protocol.ts";

/** A connection to the running sync of a home. */
export interface ControlClient {
  /** @throws Error with the sync's sentence, or when it ended before it answered. */
  call<Call extends ControlCall>(
    call: Call,
    args: ControlCalls[Call]["arguments"],
  ): Promise<ControlCalls[Call]["result"]>;
  /** Settles when the sync is gone, or this end was closed. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Undefined when no sync listens there. */
export async function connectControl(
  path: string,
  onEvent: (event: SyncEvent) => void = () => undefined,
): Promise<ControlClient | undefined> {
  const socket = await connect(path);
  if (!socket) return undefined;
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  const ended = receive(socket, (message) => {
    if ("event" in message) return onEvent(message.event);
    const asker = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) asker?.reject(new Error(message.error));
    else asker?.resolve(message.result);
  }).finally(() => {
    for (const asker of waiting.values()) asker.reject(new Error("the sync ended before it answered"));
    waiting.clear();
  });
  return {
    call<Call extends ControlCall>(call: Call, args: ControlCalls[Call]["arguments"]) {
      const asker = Promise.withResolvers<unknown>();
      const id = ++lastId;
      if (socket.destroyed) return Promise.reject(new Error("the sync ended before it answered"));
      waiting.set(id, asker);
      socket.write(formatMessage({ id, call, arguments: args }));
      return asker.promise as Promise<ControlCalls[Call]["result"]>;
    },
    ended,
    close: () => socket.destroy(),
  };
}

function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      // Refused: the file was left behind by a process that died.
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else reject(error);
    });
  });
}

async function receive(socket: Socket, onMessage: (message: ControlMessage) => void): Promise<void> {
  socket.on("error", () => socket.destroy());
  try {
    for await (const message of readMessages(socket)) onMessage(message as ControlMessage);
  } catch {
    // A connection that breaks, or talks nonsense, has ended.
  } finally {
    socket.destroy();
  }
}
