import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** Sends the archive of everything about an account, while it is made. */
export function sendExport(reply: FastifyReply, archive: AsyncIterable<Uint8Array>): FastifyReply {
  reply.headers({
    "content-type": "application/x-tar",
    "content-disposition": 'attachment; filename="satchel-export.tar"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  return reply.send(Readable.from(archive, { objectMode: false }));
}
