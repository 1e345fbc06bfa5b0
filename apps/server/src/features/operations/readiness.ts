import { ProblemError } from "@satchel/protocol";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";

/** @throws unavailable while the server can't do its work: a store failed, or it is stopping. */
export async function requireReady(
  stores: { metadata: MetadataStore; chunks: ChunkStore },
  isStopping: boolean,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new ProblemError("unavailable", why, { retryAfterSeconds: 5 });
  };
  if (isStopping) refuse("the server is stopping");
  if (stores.chunks.failure()) refuse("the chunk store has failed");
  await stores.metadata.ping().catch(() => refuse("the database does not answer"));
}
