import type { ChunkStore } from "./chunk-store.ts";
import { ChunkCorruptError } from "./chunk-store-errors.ts";

/** So often a call reads anew because a record was damaged of whose chunk there is another. */
const maxReadings = 16;

/** Reads; and again where what was damaged is marked by now, and another copy can be had in its place. [CS14] @throws ChunkCorruptError */
export async function readSoundCopies<Result>(
  store: Pick<ChunkStore, "has">,
  read: () => Promise<Result>,
): Promise<Result> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ChunkCorruptError) || reading === maxReadings) throw error;
      const [hasAnother] = await store.has([error.hash]);
      if (!hasAnother) throw error;
    }
  }
}
