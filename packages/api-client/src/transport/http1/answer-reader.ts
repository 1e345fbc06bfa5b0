import { Buffer } from "node:buffer";
import type { HttpResponse } from "../transport.ts";
import { MalformedAnswerError, parseAnswerHead, type AnswerHead } from "./answer-head.ts";
import { openBodySink, type BodySink, type SinkOptions } from "./body-sink.ts";

/** The longest head. */
const maxHeadBytes = 64 * 1024;
/** Interim answers (`100 Continue`, `103 Early Hints`) that may come before the real one. */
const maxInterimAnswers = 8;

/** Makes one answer of the bytes that a connection receives, in whatever portions they come. */
export class AnswerReader {
  readonly #options: SinkOptions;
  #headBytes = Buffer.alloc(0);
  #head: AnswerHead | undefined;
  #sink: BodySink | undefined;
  #interim = 0;

  constructor(options: SinkOptions) {
    this.#options = options;
  }

  /** Something has come. */
  get hasBegun(): boolean {
    return this.#head !== undefined || this.#headBytes.length > 0;
  }

  get isWhole(): boolean {
    return this.#sink?.isWhole ?? false;
  }

  /** Whether the connection may be used again, once the answer is whole. */
  get keepsAlive(): boolean {
    return this.#head?.keepsAlive ?? false;
  }

  /** Where the next bytes belong, if they can be nothing but body. */
  room(): Uint8Array | undefined {
    return this.#sink?.room();
  }

  /** So many bytes were received into {@link room}. */
  filled(countBytes: number): void {
    this.#sink?.filled(countBytes);
  }

  /** Bytes that were received somewhere else. @throws MalformedAnswerError */
  add(bytes: Uint8Array): void {
    if (this.#sink) return this.#sink.add(bytes);
    this.#headBytes = Buffer.concat([this.#headBytes, bytes]);
    for (let end = this.#headEnd(); end !== -1; end = this.#headEnd()) {
      const rest = this.#headBytes.subarray(end + 4);
      const sink = this.#takeHead(parseAnswerHead(this.#headBytes.toString("latin1", 0, end)));
      this.#headBytes = sink ? Buffer.alloc(0) : rest;
      if (!sink) continue;
      if (rest.length > 0) sink.add(rest);
      return;
    }
    if (this.#headBytes.length > maxHeadBytes) throw new MalformedAnswerError("the answer's head does not end");
  }

  /** The other end closed. @throws MalformedAnswerError when the answer is not whole */
  end(): void {
    if (!this.#sink) throw new MalformedAnswerError("the connection broke before an answer");
    this.#sink.end();
  }

  /** The answer, once it is whole. */
  answer(): HttpResponse {
    if (!this.#head || !this.#sink?.isWhole) throw new Error("the answer is not whole yet");
    return { status: this.#head.status, headers: this.#head.headers, body: this.#sink.bytes() };
  }

  #headEnd(): number {
    return this.#headBytes.indexOf("\r\n\r\n");
  }

  /** The sink for the body, unless another head follows. */
  #takeHead(head: AnswerHead): BodySink | undefined {
    if (head.status < 200 && head.status !== 101) {
      this.#interim += 1;
      if (this.#interim > maxInterimAnswers) throw new MalformedAnswerError("no answer follows the interim ones");
      return undefined;
    }
    this.#head = head;
    this.#sink = openBodySink(head.body, this.#options);
    return this.#sink;
  }
}
