import { ProblemError } from "@satchel/protocol";
import type { NamedChunk, Server } from "../ports/server.ts";

/** Why the server doesn't give a chunk: its own is damaged, or malware was found in what it is of. */
export type Lack = "damaged" | "quarantined";

/** Chunks in order, put into the memory where that can be, and why there is none where the server has none to give: one keeps none of the others away. @throws the api-client's errors */
export async function downloadIntact(
  server: Pick<Server, "downloadChunks">,
  chunks: readonly NamedChunk[],
  into?: Uint8Array,
): Promise<(Uint8Array | Lack)[]> {
  try {
    return await server.downloadChunks(chunks, into);
  } catch (error) {
    const lack = lackOf(error);
    if (lack === undefined) throw error;
    if (chunks.length === 1) return [lack];
    const middle = Math.floor(chunks.length / 2);
    const first = await downloadIntact(server, chunks.slice(0, middle));
    return [...first, ...(await downloadIntact(server, chunks.slice(middle)))];
  }
}

/** Undefined for every other failure. */
export function lackOf(error: unknown): Lack | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  if (error.code === "content_damaged") return "damaged";
  return error.code === "content_quarantined" ? "quarantined" : undefined;
}
