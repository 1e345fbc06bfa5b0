import { Buffer } from "node:buffer";
import { MalformedAnswerError, type BodyEnd } from "./answer-head.ts";

/** Takes the bytes of one answer's body as they come. */
export interface BodySink {
  /** Where the next bytes may be put that belong to nothing but the body; undefined while that is not known. */
  room(): Uint8Array | undefined;
  /** So many bytes were put into the room. */
  filled(countBytes: number): void;
  /** Bytes that lie somewhere else; they are copied. @throws MalformedAnswerError */
  add(bytes: Uint8Array): void;
  /** No more will come: the connection was closed. @throws MalformedAnswerError when the body is not whole */
  end(): void;
  readonly isWhole: boolean;
  /** The whole body. */
  bytes(): Uint8Array;
}

export interface SinkOptions {
  /** The longest body. */
  readonly maxBytes: number;
  /** Where a body of known length is put if it fits. */
  readonly into: Uint8Array | undefined;
}

/** A sink for a body of that kind. @throws MalformedAnswerError when it will be too long */
export function openBodySink(end: BodyEnd, options: SinkOptions): BodySink {
  if (end.by === "length") return lengthSink(end.bytes, options);
  return end.by === "chunks" ? chunkedSink(options) : closeSink(options);
}

function lengthSink(lengthBytes: number, { maxBytes, into }: SinkOptions): BodySink {
  if (lengthBytes > maxBytes) throw tooLong(maxBytes);
  const whole =
    into !== undefined && into.length >= lengthBytes ? into.subarray(0, lengthBytes) : new Uint8Array(lengthBytes);
  let at = 0;
  return {
    room: () => (at < lengthBytes ? whole.subarray(at) : undefined),
    filled(countBytes) {
      at += countBytes;
    },
    add(bytes) {
      if (bytes.length > lengthBytes - at) throw new MalformedAnswerError("the answer is longer than it said");
      whole.set(bytes, at);
      at += bytes.length;
    },
    end() {
      if (at < lengthBytes) throw new MalformedAnswerError("the connection broke within the answer");
    },
    get isWhole() {
      return at === lengthBytes;
    },
    bytes: () => whole,
  };
}

function closeSink({ maxBytes }: SinkOptions): BodySink {
  const gathered = gather(maxBytes);
  let isWhole = false;
  return {
    room: () => undefined,
    filled: () => undefined,
    add: gathered.add,
    end() {
      isWhole = true;
    },
    get isWhole() {
      return isWhole;
    },
    bytes: gathered.bytes,
  };
}

/** The longest line between two chunks, its extensions and a trailer included. */
const maxLineBytes = 8 * 1024;

/** RFC 9112, section 7.1. Extensions and trailers are read past. */
function chunkedSink({ maxBytes }: SinkOptions): BodySink {
  const gathered = gather(maxBytes);
  let line = "";
  let state: "size" | "data" | "after data" | "trailer" | "whole" = "size";
  let leftBytes = 0;

  function takeLine(text: string): void {
    if (state === "after data") {
      if (text !== "") throw new MalformedAnswerError("a chunk of the answer is longer than it said");
      state = "size";
    } else if (state === "size") {
      const size = /^([\dA-Fa-f]{1,8})\s*(;.*)?$/.exec(text)?.[1];
      if (size === undefined) throw new MalformedAnswerError("a chunk of the answer has no size");
      leftBytes = Number.parseInt(size, 16);
      state = leftBytes === 0 ? "trailer" : "data";
    } else if (text === "") state = "whole";
  }

  return {
    room: () => undefined,
    filled: () => undefined,
    add(bytes) {
      for (let at = 0; at < bytes.length;) {
        if (state === "whole") throw new MalformedAnswerError("the answer is longer than it said");
        if (state === "data") {
          const data = bytes.subarray(at, at + leftBytes);
          gathered.add(data);
          at += data.length;
          leftBytes -= data.length;
          if (leftBytes === 0) state = "after data";
          continue;
        }
        const newline = bytes.indexOf(10, at);
        const end = newline === -1 ? bytes.length : newline;
        line += Buffer.from(bytes.subarray(at, end)).toString("latin1");
        if (line.length > maxLineBytes) throw new MalformedAnswerError("a line of the answer does not end");
        at = end + 1;
        if (newline === -1) continue;
        takeLine(line.replace(/\r$/, ""));
        line = "";
      }
    },
    end() {
      if (state !== "whole") throw new MalformedAnswerError("the connection broke within the answer");
    },
    get isWhole() {
      return state === "whole";
    },
    bytes: gathered.bytes,
  };
}

function gather(maxBytes: number) {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  return {
    add(bytes: Uint8Array): void {
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) throw tooLong(maxBytes);
      pieces.push(Uint8Array.from(bytes));
    },
    bytes: (): Uint8Array => Buffer.concat(pieces, sizeBytes),
  };
}

function tooLong(maxBytes: number): MalformedAnswerError {
  return new MalformedAnswerError(`the answer is longer than ${maxBytes} bytes`);
}
