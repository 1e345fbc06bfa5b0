import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { joinNeighbours } from "../../memory/join-neighbours.ts";
import type { Loan } from "../../memory/lent-memory.ts";
import { releaseBuffer } from "../../memory/release-bytes.ts";

/** Answers with bytes that are in memory already, piece after piece, without joining them. The pieces are given away: their memory, and that of the loan, is given back when they are sent. */
export function sendPieces(
  reply: FastifyReply,
  mediaType: string,
  { pieces, loan }: { readonly pieces: readonly Uint8Array[]; readonly loan: Loan },
): FastifyReply {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  reply.header("content-type", mediaType).header("content-length", length);
  // Not earlier: until the system has taken the last piece, or the connection is closed, it may still read from them.
  reply.raw.once("close", () => {
    for (const buffer of new Set(pieces.map((piece) => piece.buffer))) releaseBuffer(buffer);
    loan.giveBack();
  });
  return reply.send(streamOf(joinNeighbours(pieces)));
}

/** The same as `Readable.from`, which takes three promises for each piece. */
function streamOf(pieces: readonly Uint8Array[]): Readable {
  let next = 0;
  return new Readable({
    highWaterMark: 0,
    read() {
      this.push(pieces[next] ?? null);
      next += 1;
    },
  });
}
