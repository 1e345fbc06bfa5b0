import type { ChunkHash } from "@satchel/protocol";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import type { MaintenanceStore } from "../../storage/metadata/maintenance-store.ts";

export interface Garbage {
  /** Everything that is stored. */
  readonly storedChunks: number;
  readonly storedBytes: number;
  /** What nobody holds at the moment: plaintext bytes, as all of these. What is just being uploaded may be among it. */
  readonly unheldChunks: number;
  readonly unheldBytes: number;
}

const chunksPerPage = 5000;

/** Looks at every stored chunk whether some workspace holds it. Changes nothing. */
export async function findGarbage({
  maintenance,
  chunks,
}: {
  readonly maintenance: MaintenanceStore;
  readonly chunks: Pick<ChunkStore, "list">;
}): Promise<Garbage> {
  const total = { storedChunks: 0, storedBytes: 0, unheldChunks: 0, unheldBytes: 0 };
  for (let after: ChunkHash | undefined; ;) {
    const page = await chunks.list({ after, limit: chunksPerPage });
    if (page.length === 0) return total;
    after = page.at(-1)?.hash;
    const unheld = new Set(await maintenance.findUnheld(page.map(({ hash }) => hash)));
    for (const { hash, sizeBytes } of page) {
      total.storedChunks += 1;
      total.storedBytes += sizeBytes;
      if (!unheld.has(hash)) continue;
      total.unheldChunks += 1;
      total.unheldBytes += sizeBytes;
    }
  }
}
