import {
  liveCloseCodes,
  livePath,
  liveProtocol,
  liveQuerySchema,
  maxLiveMessageBytes,
  ProblemError,
} from "@satchel/protocol";
import type { WebSocket } from "ws";
import type { LiveSink } from "../../features/live/live-room.ts";
import type { ServerCore } from "../../server-core.ts";
import { liveRight } from "../routes/sync/live-route.ts";
import { parseSocketQuery, type Serving, type SocketKind } from "./accept-sockets.ts";

/** Try again later (RFC 6455). */
const tryLater = 1013;

/** Sockets of live sessions. What can't be joined is said by the code that the socket is closed with, since a page can't read the answer to a socket that was never opened. */
export function liveSockets({ live, authenticator }: ServerCore): SocketKind {
  return {
    path: livePath,
    role: "api",
    right: liveRight,
    protocol: liveProtocol,
    maxIncomingBytes: maxLiveMessageBytes,
    async prepare(caller, parameters) {
      const { file_id: fileId, session } = parseSocketQuery(liveQuerySchema, parameters);
      await live.requireOpenable(caller, fileId);
      return async (webSocket): Promise<Serving> => {
        try {
          const { receive, leave } = await live.join(caller, { fileId, session, sink: socketSink(webSocket) });
          return { receive, end: leave };
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
          webSocket.close(closeCodeOf(error), error.code);
          return { end: () => {} };
        }
      };
    },
    check: () => live.endForbidden((deviceId) => authenticator.isSignedIn(deviceId)),
  };
}

function closeCodeOf({ code }: ProblemError): number {
  if (code === "version_conflict") return liveCloseCodes.otherSession;
  if (code === "not_found") return liveCloseCodes.notText;
  return code === "forbidden" ? liveCloseCodes.rightsChanged : tryLater;
}

function socketSink(webSocket: WebSocket): LiveSink {
  return {
    send: (message) => webSocket.send(message),
    backlogBytes: () => webSocket.bufferedAmount,
    close: (code, reason) => webSocket.close(code, reason),
  };
}
