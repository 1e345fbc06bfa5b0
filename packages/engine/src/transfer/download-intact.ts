import { ProblemError } from "@satchel/protocol";
import type { NamedChunk, Server } from "../ports/server.ts";

/** Chunks in order, undefined where the server's own is damaged: one that is keeps none of the others away. @throws the api-client's errors */
export async function downloadIntact(
  server: Pick<Server, "downloadChunks">,
  chunks: readonly NamedChunk[],
): Promise<(Uint8Array | undefined)[]> {
  try {
    return await server.downloadChunks(chunks);
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === "content_damaged")) throw error;
    if (chunks.length === 1) return [undefined];
    const middle = Math.floor(chunks.length / 2);
    const first = await downloadIntact(server, chunks.slice(0, middle));
    return [...first, ...(await downloadIntact(server, chunks.slice(middle)))];
  }
}
