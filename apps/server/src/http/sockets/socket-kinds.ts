import type { ServerCore } from "../../server-core.ts";
import type { SocketKind } from "./accept-sockets.ts";
import { liveSockets } from "./live-sockets.ts";
import { notificationSockets } from "./notification-sockets.ts";

/** All WebSockets that the server takes. */
export function socketKinds(core: ServerCore): SocketKind[] {
  return [notificationSockets(core), liveSockets(core)];
}
