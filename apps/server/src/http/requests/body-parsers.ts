import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { finished } from "node:stream/promises";
import { decodeFrame, FrameError, frameMediaType, ProblemError } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import { releaseBytes } from "../../memory/release-bytes.ts";
import { installLentBodies } from "./lent-body.ts";
import type { App } from "../route-context.ts";

/** The longest JSON body of a route that doesn't say more. */
export const defaultJsonBytes = 1024 * 1024;
/** The longest JSON body of a route that takes lists of chunks or operations. */
export const listJsonBytes = 8 * 1024 * 1024;

/** How much of a refused body is read past. */
const maxReadPastBytes = 32 * 1024 * 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads bodies: JSON, whose text must be UTF-8, since a replaced character would silently be another file name; and frames, whose head takes the place of the
 * JSON body, so that one schema serves both.
 */
export function installBodyParsers(app: App): void {
  app.decorateRequest("bodyHash", null);
  app.decorateRequest("frameBody", null);
  installLentBodies(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", async (request: FastifyRequest, payload: IncomingMessage) => {
    const limitBytes = Math.min(request.routeOptions.bodyLimit, listJsonBytes);
    const bytes = await readBody(payload, limitBytes);
    rememberHash(request, bytes);
    return parseJson(bytes);
  });
  app.addContentTypeParser(frameMediaType, async (request: FastifyRequest, payload: IncomingMessage) => {
    const bytes = await readFrame(app, request, payload);
    try {
      const { head, body } = decodeFrame(bytes);
      // The head names the hashes of all that follows it.
      rememberHash(request, bytes.subarray(0, bytes.length - body.length));
      request.frameBody = body;
      return head;
    } catch (error) {
      if (error instanceof FrameError) throw new ProblemError("bad_request", error.message);
      throw error;
    }
  });
}

async function readFrame(app: App, request: FastifyRequest, payload: IncomingMessage): Promise<Uint8Array> {
  const { bodyLimit, config } = request.routeOptions;
  if (config.lendsBody !== true) return readBody(payload, bodyLimit);
  const lend = (sizeBytes: number): Uint8Array => (request.bodyLoan = app.bodyMemory.lend(sizeBytes)).bytes;
  return readBody(payload, bodyLimit, lend);
}

/**
 * Reads what comes into one buffer, and keeps none of it when it is too much. `memoryFor` gives the buffer where the length is known.
 *
 * @throws body_too_large, bad_request
 */
export async function readBody(
  payload: IncomingMessage,
  limitBytes: number,
  memoryFor: (sizeBytes: number) => Uint8Array = (sizeBytes) => new Uint8Array(sizeBytes),
): Promise<Uint8Array> {
  const announced = payload.headers["content-length"];
  const length = announced === undefined ? undefined : Number(announced);
  if (length !== undefined && length > limitBytes) {
    await readPast(payload);
    throw tooLarge(limitBytes);
  }
  try {
    return await (length === undefined ? gatherPieces(payload, limitBytes) : fill(memoryFor(length), payload));
  } catch (error) {
    // The caller went away; nobody reads the answer, and it was no mistake of the server.
    throw payload.destroyed && !(error instanceof ProblemError) ? endedEarly(error) : error;
  }
}

/** Event by event: an asynchronous iterator takes three promises for each 64 KiB, which is more than all else here. */
async function fill(memory: Uint8Array, payload: IncomingMessage): Promise<Uint8Array> {
  let received = 0;
  payload.on("data", (piece: Buffer) => {
    // The HTTP parser lets no more through than was announced; injected requests of tests might.
    if (received + piece.length <= memory.length) memory.set(piece, received);
    received += piece.length;
    releaseBytes(piece);
  });
  await finished(payload, { writable: false });
  if (received !== memory.length) throw endedEarly(undefined);
  return memory;
}

/** Of a body that doesn't say how long it is. */
async function gatherPieces(payload: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let received = 0;
  for await (const piece of payload as AsyncIterable<Buffer>) {
    received += piece.length;
    if (received > limitBytes) pieces.length = 0;
    if (received > limitBytes + maxReadPastBytes) throw tooLarge(limitBytes);
    if (received <= limitBytes) pieces.push(piece);
  }
  if (received > limitBytes) throw tooLarge(limitBytes);
  return Uint8Array.from(Buffer.concat(pieces));
}

/**
 * Takes a body that is refused off the wire, if it is not too long: a caller that is still sending when the connection ends would never
 * read why.
 */
export async function readPast(payload: IncomingMessage): Promise<void> {
  if (Number(payload.headers["content-length"] ?? Number.POSITIVE_INFINITY) > maxReadPastBytes) return;
  payload.resume();
  await finished(payload).catch(() => undefined);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new ProblemError("bad_request", "the body is not JSON in UTF-8");
  }
}

function rememberHash(request: FastifyRequest, bytes: Uint8Array): void {
  if (request.headers["idempotency-key"] !== undefined) request.bodyHash = hash("sha256", bytes, "hex");
}

function endedEarly(cause: unknown): ProblemError {
  const problem = new ProblemError("bad_request", "the body ended early");
  problem.cause = cause;
  return problem;
}

function tooLarge(limitBytes: number): ProblemError {
  return new ProblemError("body_too_large", `the body is longer than ${limitBytes} bytes`);
}
