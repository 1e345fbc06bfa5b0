import { Buffer } from "node:buffer";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import type { HttpRequest, HttpResponse } from "../transport.ts";
import { AnswerReader } from "./answer-reader.ts";

/** How much is received at once: with more, the bytes would have left the processor's cache before anybody looks at them. */
const maxReceivedBytes = 256 * 1024;
/** Where heads are received, and whatever has no better place. */
const scratchBytes = 64 * 1024;

export interface ConnectionOptions {
  /** `http:` or `https:`, and where. */
  readonly origin: URL;
  readonly connectWithinMs: number;
  /** How long nothing may move while an answer is due. */
  readonly silentMs: number;
  readonly maxAnswerBytes: number;
}

/** The connection did not open, or was silent, for too long. */
export class ConnectionTimeoutError extends Error {
  override readonly name = "ConnectionTimeoutError";
}

interface Exchange {
  readonly reader: AnswerReader;
  readonly outcome: PromiseWithResolvers<HttpResponse>;
}

/** One connection that carries one HTTP/1.1 exchange after the other, and receives bodies where their reader wants them, uncopied. */
export class ByteConnection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #scratch = new Uint8Array(scratchBytes);
  #current: Exchange | undefined;
  #lastReader: AnswerReader | undefined;
  #isOpen = true;
  /** When its last answer was whole, by `performance.now()`. */
  idleSinceMs = 0;
  exchanges = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = openSocket(options.origin, {
      buffer: () => this.#nextRoom(),
      callback: (count, buffer) => this.#receive(count, buffer),
    });
    const opening = setTimeout(
      () => this.#fail(new ConnectionTimeoutError("the server did not answer in time")),
      options.connectWithinMs,
    );
    this.#socket.once(options.origin.protocol === "https:" ? "secureConnect" : "connect", () => clearTimeout(opening));
    this.#socket.on("timeout", () => this.#fail(new ConnectionTimeoutError("the server did not answer in time")));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("end", () => this.#endOfStream());
    this.#socket.on("close", () => {
      clearTimeout(opening);
      this.#fail(new Error("the connection broke"));
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Nothing of an answer came to the last exchange. */
  get isUnanswered(): boolean {
    return this.#lastReader?.hasBegun !== true;
  }

  /** One at a time. @throws whatever breaks the connection; the signal's reason when it aborted */
  async exchange(request: HttpRequest): Promise<HttpResponse> {
    const { signal } = request;
    const reader = new AnswerReader({ maxBytes: this.#options.maxAnswerBytes, into: request.receiveInto });
    const outcome = Promise.withResolvers<HttpResponse>();
    this.#current = { reader, outcome };
    this.#lastReader = reader;
    this.exchanges += 1;
    const abort = (): void => this.#fail(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      this.#socket.ref().setTimeout(request.answerWithinMs ?? this.#options.silentMs);
      this.#send(request);
      return await outcome.promise;
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#current = undefined;
      this.idleSinceMs = performance.now();
      // An idle connection keeps no process alive.
      this.#socket.setTimeout(0).unref();
    }
  }

  /** Ends it; an exchange under way fails. */
  close(): void {
    this.#fail(new Error("the connection was closed"));
  }

  #send({ method, path, headers, body = [] }: HttpRequest): void {
    let bodyBytes = 0;
    for (const piece of body) bodyBytes += piece.length;
    const { host } = this.#options.origin;
    const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`, "connection: keep-alive"];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (method !== "GET" || bodyBytes > 0) lines.push(`content-length: ${bodyBytes}`);
    if (lines.some((line) => /[^\x20-\x7e]/.test(line)))
      throw new TypeError("a header has characters that it may not have");
    // Corked: head and pieces go out in one system call.
    this.#socket.cork();
    this.#socket.write(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
    for (const piece of body) this.#socket.write(piece);
    this.#socket.uncork();
  }

  #nextRoom(): Uint8Array {
    const room = this.#current?.reader.room();
    // A short end goes through the scratch memory: it costs less than to watch for where it ends.
    return room === undefined ? this.#scratch : room.subarray(0, maxReceivedBytes);
  }

  #receive(countBytes: number, buffer: Uint8Array): boolean {
    const reader = this.#current?.reader;
    try {
      if (!reader) throw new Error("the server sent what nobody asked for");
      if (buffer === this.#scratch) reader.add(buffer.subarray(0, countBytes));
      else reader.filled(countBytes);
      if (reader.isWhole) this.#finish();
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  #finish(): void {
    const current = this.#current;
    this.#current = undefined;
    if (!current) return;
    // A refusal may come before all of the request has left.
    if (!current.reader.keepsAlive || this.#socket.writableLength > 0) this.#end();
    current.outcome.resolve(current.reader.answer());
  }

  #endOfStream(): void {
    try {
      this.#current?.reader.end();
      this.#finish();
      this.#end();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#end();
    const current = this.#current;
    this.#current = undefined;
    current?.outcome.reject(error);
  }

  #end(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }
}

/** Where received bytes go, and who is told. */
interface Receiver {
  readonly buffer: () => Uint8Array;
  readonly callback: (countBytes: number, buffer: Uint8Array) => boolean;
}

function openSocket({ protocol, hostname, port }: URL, onread: Receiver): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (protocol === "http:") return connect({ host, port: Number(port || 80), noDelay: true, onread });
  const name = isIP(host) === 0 ? { servername: host } : {};
  const options = { host, port: Number(port || 443), ALPNProtocols: ["http/1.1"], ...name, onread };
  return connectSecurely(options).setNoDelay();
}
