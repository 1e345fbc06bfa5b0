import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** Answers with bytes that are in memory already, piece after piece, without joining them. */
export function sendPieces(reply: FastifyReply, mediaType: string, pieces: readonly Uint8Array[]): FastifyReply {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  reply.header("content-type", mediaType).header("content-length", length);
  return reply.send(Readable.from(pieces, { objectMode: false, highWaterMark: 0 }));
}
