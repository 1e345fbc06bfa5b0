import {
  accountNewsSchema,
  changesPushSchema,
  chunksWantedSchema,
  commentsChangedSchema,
  deviceReportedSchema,
  presenceChangedSchema,
} from "@satchel/protocol";
import type {
  AccountNews,
  ChangesPush,
  ChunksWanted,
  CommentsChanged,
  DeviceReported,
  PresenceChanged,
} from "@satchel/protocol";
import type { Timing } from "../retry/timing.ts";
import type { SocketEnd, SocketRequest, SocketTransport } from "../transport/socket-transport.ts";

/** How often the other end is asked for a sign of life. One that gave none until the next time is dead: noticed in less than 60 s. */
export const heartbeatMs = 20_000;

export interface ListenEnd extends SocketEnd {
  /** Whether the connection had been established. */
  readonly opened: boolean;
}

interface Listener {
  readonly onPush: (push: ChangesPush) => void;
  readonly onWanted?: ((wanted: ChunksWanted) => void) | undefined;
  readonly onNews?: (() => void) | undefined;
  readonly onComments?: ((changed: CommentsChanged) => void) | undefined;
  readonly onDevice?: ((reported: DeviceReported) => void) | undefined;
  readonly onPresence?: ((changed: PresenceChanged) => void) | undefined;
  readonly onState: (state: "connected" | "disconnected") => void;
}

/** One connection, from its opening to its end, however it ends. Rejects only by the signal. */
export async function listen(
  request: SocketRequest,
  listener: Listener,
  dependencies: { sockets: SocketTransport; timing: Timing },
  signal: AbortSignal,
): Promise<ListenEnd> {
  const connection = new AbortController();
  const ended = Promise.withResolvers<ListenEnd>();
  let opened = false;
  let alive = true;
  const socket = dependencies.sockets.open(request, {
    onOpen: () => {
      opened = true;
      listener.onState("connected");
    },
    onMessage: (text) => {
      alive = true;
      const message = readPush(text);
      if (message === "broken") socket.terminate();
      else if (message !== "other") {
        if (message.event === "chunks_wanted") listener.onWanted?.(message);
        else if (message.event === "account_news") listener.onNews?.();
        else if (message.event === "comments_changed") listener.onComments?.(message);
        else if (message.event === "device_reported") listener.onDevice?.(message);
        else if (message.event === "presence_changed") listener.onPresence?.(message);
        else listener.onPush(message);
      }
    },
    onAlive: () => {
      alive = true;
    },
    onClose: (end) => {
      listener.onState("disconnected");
      ended.resolve({ ...end, opened });
    },
  });
  const checkLife = (): void => {
    if (!alive) return socket.terminate();
    alive = !opened;
    socket.ping();
  };
  const abort = (): void => socket.terminate();
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const heartbeat = beat(checkLife, dependencies.timing, connection.signal);
  try {
    return await ended.promise;
  } finally {
    signal.removeEventListener("abort", abort);
    connection.abort();
    await heartbeat;
  }
}

async function beat(checkLife: () => void, timing: Timing, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await timing.sleep(heartbeatMs, signal).catch(() => undefined);
    if (!signal.aborted) checkLife();
  }
}

type Push = ChangesPush | ChunksWanted | AccountNews | CommentsChanged | DeviceReported | PresenceChanged;

/** Events of other kinds are passed over, so that a newer server may tell more. */
function readPush(text: string): Push | "other" | "broken" {
  try {
    const message: unknown = JSON.parse(text);
    const event = typeof message === "object" && message !== null && "event" in message ? message.event : undefined;
    if (event === "account_news") return accountNewsSchema.parse(message);
    if (event === "comments_changed") return commentsChangedSchema.parse(message);
    if (event === "device_reported") return deviceReportedSchema.parse(message);
    if (event === "presence_changed") return presenceChangedSchema.parse(message);
    if (event === "chunks_wanted") return chunksWantedSchema.parse(message);
    if (event !== undefined && event !== "changes") return "other";
    return changesPushSchema.parse(message);
  } catch {
    return "broken";
  }
}
