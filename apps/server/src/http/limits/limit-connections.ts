import type { BlockList, Server, Socket } from "node:net";
import { isIPv6 } from "node:net";

export interface ConnectionLimits {
  /** Of everybody. */
  readonly maxConnections: number;
  /** Of one address; trusted proxies may have as many as there may be at all. */
  readonly maxConnectionsPerAddress: number;
}

/** Closes connections that are too many, before a byte of them is read. */
export function limitConnections(server: Server, limits: ConnectionLimits, trusted: BlockList): void {
  const open = new Map<string, number>();
  server.maxConnections = limits.maxConnections;
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4")) return;
    const count = (open.get(address) ?? 0) + 1;
    if (count > limits.maxConnectionsPerAddress) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
