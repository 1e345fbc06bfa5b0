import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A network between a device and the server that a test can break. */
export interface FaultProxy extends AsyncDisposable {
  /** What the device takes for the server. */
  readonly url: string;
  /** Bytes that devices sent through it, with all HTTP around the content. */
  sentBytes(): number;
  /** Bytes that the server sent through it. */
  receivedBytes(): number;
  /** Both, together. */
  totalBytes(): number;
  /** Breaks all connections and refuses new ones, as a network that is down. */
  cut(): void;
  /** Keeps connections open and carries nothing more on them, as a network that died silently. */
  stall(): void;
  /** Lets new connections through again; those that were stalled are dropped. */
  heal(): void;
}

type Fault = "none" | "cut" | "stall";

/** Opens a proxy on a free port of loopback, before the server at `targetPort`. */
export async function openFaultProxy(targetPort: number): Promise<FaultProxy> {
  let fault: Fault = "none";
  let sent = 0;
  let received = 0;
  const open = new Set<Socket>();

  const carry = (from: Socket, to: Socket, count: (bytes: number) => void): void => {
    open.add(from);
    from.on("data", (bytes: Buffer) => {
      if (fault === "stall") return;
      count(bytes.length);
      if (!to.write(bytes)) {
        from.pause();
        to.once("drain", () => from.resume());
      }
    });
    from.on("end", () => fault === "none" && to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => {
      open.delete(from);
      if (fault !== "stall") to.destroy();
    });
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (device) => {
    if (fault === "cut") return void device.resetAndDestroy();
    const upstream = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    carry(device, upstream, (bytes) => (sent += bytes));
    carry(upstream, device, (bytes) => (received += bytes));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");

  const dropAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    sentBytes: () => sent,
    receivedBytes: () => received,
    totalBytes: () => sent + received,
    cut: () => {
      fault = "cut";
      dropAll();
    },
    stall: () => {
      fault = "stall";
    },
    heal: () => {
      dropAll();
      fault = "none";
    },
    [Symbol.asyncDispose]: async () => {
      dropAll();
      server.close();
      await once(server, "close");
    },
  };
}
