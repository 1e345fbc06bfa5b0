import { ProblemError } from "@satchel/protocol";
import type { NamedChunk, Server } from "../ports/server.ts";

/** Chunks in order, put into the memory where that can be, undefined where the server's own is damaged: one that is keeps none of the others away. @throws the api-client's errors */
export async function downloadIntact(
  server: Pick<Server, "downloadChunks">,
  chunks: readonly NamedChunk[],
  into?: Uint8Array,
): Promise<(Uint8Array | undefined)[]> {
  try {
    return await server.downloadChunks(chunks, into);
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === "content_damaged")) throw error;
    if (chunks.length === 1) return [undefined];
    const middle = Math.floor(chunks.length / 2);
    const first = await downloadIntact(server, chunks.slice(0, middle));
    return [...first, ...(await downloadIntact(server, chunks.slice(middle)))];
  }
}
