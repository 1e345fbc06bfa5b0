import type { Server } from "../ports/server.ts";

/** A server that is asked for no place to upload to: contents are still read and hashed, which tells what was changed. [EN105] */
export function viewOnlyServer(server: Server): Server {
  return { ...server, missingChunks: async () => [], uploadChunks: async () => undefined };
}
