import { notificationsProtocol } from "@satchel/protocol";
import type { WebSocket } from "ws";
import type { PushSink } from "../../features/notifications/push-queue.ts";
import type { ServerCore } from "../../server-core.ts";
import { notificationsPath, notificationsQuerySchema, notificationsRight } from "../routes/sync/sync-routes.ts";
import { parseSocketQuery, type SocketKind } from "./accept-sockets.ts";

/** Listeners have nothing to say, so nothing they say is large. */
const maxIncomingBytes = 4096;

/** Sockets that tell of changes; the hub closes them. */
export function notificationSockets({ notifications }: ServerCore): SocketKind {
  return {
    path: notificationsPath,
    role: "notify",
    right: notificationsRight,
    protocol: notificationsProtocol,
    maxIncomingBytes,
    async prepare(caller, parameters) {
      const { workspace_id: workspaceId, ...query } = parseSocketQuery(notificationsQuerySchema, parameters);
      const { mode, cursor } = query;
      const devices = query.devices === "true";
      await notifications.requireOpenable(caller, { workspaceId, cursor });
      return async (webSocket) => {
        const sink = socketSink(webSocket);
        return { end: await notifications.open(caller, { mode, devices, cursor, workspaceId, sink }) };
      };
    },
    check: () => notifications.endRevokedLogins(),
  };
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
