import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A line between a device and whatever stands at its other end, with a rate, a delay, and an end that moves. */
export interface Link extends AsyncDisposable {
  /** What the device takes for the server; always the same. */
  readonly url: string;
  sentBytes(): number;
  receivedBytes(): number;
  /** Connections that stand carry nothing more, without being closed, as after a change of network; new ones lead to `port`. */
  move(port: number): void;
  /** Connections that stand are closed; new ones lead to `port`. */
  lead(port: number): void;
}

/** How fast the line is. */
export interface LinkOptions {
  readonly port: number;
  /** Each way; as fast as it gets if left out. */
  readonly bytesPerSecond?: number;
  /** Until the other side hears of what was sent; 0 if left out. */
  readonly delayMs?: number;
}

/** What is handed on at a time, so that a slow line carries its connections side by side. */
const PIECE_BYTES = 1024;

/** Opens a line on a free port of loopback. */
export async function openLink(options: LinkOptions): Promise<Link> {
  let target = options.port;
  let open = new Set<Socket>();
  const dead = new Set<Socket>();
  const [up, down] = [new Lane(options), new Lane(options)];

  const carry = (from: Socket, to: Socket, lane: Lane): void => {
    open.add(from);
    from.on("data", (bytes: Buffer) => {
      if (dead.has(from)) return;
      // Read no faster than the line carries: the sender is to feel it.
      from.pause();
      lane
        .send(bytes, (piece) => !dead.has(from) && to.write(piece))
        .then(
          () => from.resume(),
          (error: Error) => from.destroy(error),
        );
    });
    from.on("end", () => void lane.send(Buffer.alloc(0), () => !dead.has(from) && to.end()));
    from.on("error", () => to.destroy());
    from.on("close", () => {
      open.delete(from);
      if (!dead.has(from)) to.destroy();
      dead.delete(from);
    });
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (device) => {
    const far = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    carry(device, far, up);
    carry(far, device, down);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sentBytes: () => up.carriedBytes,
    receivedBytes: () => down.carriedBytes,
    move: (port) => {
      target = port;
      for (const socket of open) dead.add(socket);
      open = new Set();
    },
    lead: (port) => {
      target = port;
      for (const socket of open) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of [...open, ...dead]) socket.destroy();
      server.close();
      await once(server, "close");
      up.close();
      down.close();
    },
  };
}

/** One direction, shared by all connections: what is sent leaves piece by piece as the rate allows, and arrives after the delay. */
class Lane {
  readonly #bytesPerMs: number;
  readonly #delayMs: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #freeAtMs = 0;
  carriedBytes = 0;

  constructor({ bytesPerSecond = Infinity, delayMs = 0 }: LinkOptions) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#delayMs = delayMs;
  }

  /** Resolves when all of it has left; `deliver` is called when a piece arrives. */
  async send(bytes: Buffer, deliver: (piece: Buffer) => void): Promise<void> {
    this.carriedBytes += bytes.length;
    if (this.#bytesPerMs === Infinity && this.#delayMs === 0) return deliver(bytes);
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      const now = performance.now();
      this.#freeAtMs = Math.max(now, this.#freeAtMs) + piece.length / this.#bytesPerMs;
      const leftInMs = this.#freeAtMs - now;
      this.#after(leftInMs + this.#delayMs, () => deliver(piece));
      await new Promise<void>((resolve) => this.#after(leftInMs, resolve));
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}
