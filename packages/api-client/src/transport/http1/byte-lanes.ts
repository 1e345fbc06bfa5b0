import type { HttpRequest, HttpResponse } from "../transport.ts";
import { ByteConnection } from "./byte-connection.ts";

export interface ByteLanesOptions {
  /** To one host at a time; requests beyond wait in line. */
  readonly maxConnections: number;
  readonly maxHosts: number;
  readonly connectWithinMs: number;
  readonly silentMs: number;
  /** A connection that idled for longer is not used again: the other end may be closing it. */
  readonly idleMs: number;
  readonly maxAnswerBytes: number;
}

interface Host {
  readonly connections: Set<ByteConnection>;
  readonly idle: ByteConnection[];
  /** Requests that wait for a connection. The transfers' own bounds keep the line short. */
  readonly waiting: (() => void)[];
}

/** Connections that carry large bodies in HTTP/1.1, with TLS or without, kept between requests. */
export class ByteLanes {
  readonly #options: ByteLanesOptions;
  readonly #hosts = new Map<string, Host>();

  constructor(options: ByteLanesOptions) {
    this.#options = options;
  }

  /**
   * One exchange. A connection that died while it was idle is replaced once, without telling, where the request may be repeated.
   * @throws what broke the connection
   */
  async send(origin: URL, request: HttpRequest): Promise<HttpResponse> {
    const host = this.#host(origin);
    for (;;) {
      const connection = await this.#take(host, origin);
      try {
        request.signal?.throwIfAborted();
        return await connection.exchange(request);
      } catch (error) {
        const diedIdle = connection.exchanges > 1 && connection.isUnanswered && !request.signal?.aborted;
        if (!diedIdle || !request.idempotent) throw error;
      } finally {
        this.#giveBack(host, connection);
      }
    }
  }

  /** Ends all connections; what is under way fails. */
  close(): void {
    for (const { connections } of this.#hosts.values()) for (const connection of connections) connection.close();
    this.#hosts.clear();
  }

  #host(origin: URL): Host {
    const found = this.#hosts.get(origin.origin);
    if (found) return found;
    if (this.#hosts.size >= this.#options.maxHosts) {
      throw new Error(`the server named more than ${this.#options.maxHosts} hosts`);
    }
    const host: Host = { connections: new Set(), idle: [], waiting: [] };
    this.#hosts.set(origin.origin, host);
    return host;
  }

  async #take(host: Host, origin: URL): Promise<ByteConnection> {
    const { maxConnections, idleMs } = this.#options;
    for (;;) {
      const idle = host.idle.pop();
      if (idle?.isOpen && performance.now() - idle.idleSinceMs < idleMs) return idle;
      if (idle) this.#drop(host, idle);
      else if (host.connections.size < maxConnections) return this.#open(host, origin);
      else await new Promise<void>((resolve) => host.waiting.push(resolve));
    }
  }

  #open(host: Host, origin: URL): ByteConnection {
    const { connectWithinMs, silentMs, maxAnswerBytes } = this.#options;
    const connection = new ByteConnection({ origin, connectWithinMs, silentMs, maxAnswerBytes });
    host.connections.add(connection);
    return connection;
  }

  #giveBack(host: Host, connection: ByteConnection): void {
    if (connection.isOpen) host.idle.push(connection);
    else this.#drop(host, connection);
    host.waiting.shift()?.();
  }

  #drop(host: Host, connection: ByteConnection): void {
    host.connections.delete(connection);
    connection.close();
  }
}
