import type { ChunkObject, ChunkPlaceStore, PlacedChunk } from "../../metadata/chunk-place-store.ts";
import { maxRemovedObjects, type ObjectStore } from "./object-store.ts";
import { layOutObject, type LaidChunk } from "./object-layout.ts";

/** An object that was announced this long ago and is not filled has lost its writer. */
const maxWritingMs = 24 * 3600 * 1000;
const sparsePerPage = 100;

interface Compaction {
  readonly objects: ObjectStore;
  readonly places: ChunkPlaceStore;
  readonly nowMs: number;
  readonly isStopped: () => boolean;
}

/**
 * Moves what is needed out of objects that are mostly garbage, then removes objects that hold nothing. Several servers may do so at once, and each may be killed anywhere: a copy that was not taken over is an object
 * without chunks, and goes with the next compaction.
 */
export async function compactObjects(parts: Compaction): Promise<{ freedBytes: number }> {
  for (let after: string | undefined; !parts.isStopped();) {
    const page = await parts.places.listSparse({ after, limit: sparsePerPage });
    for (const object of page) if (!parts.isStopped()) await moveOut(parts, object);
    after = page.at(-1)?.key;
    if (page.length < sparsePerPage) break;
  }
  return { freedBytes: await removeForsaken(parts) };
}

/** Copies the object's chunks as they are stored; whoever reads them finds damage. */
async function moveOut({ objects, places, nowMs }: Compaction, from: ChunkObject): Promise<void> {
  const chunks = await places.listPlaced(from.key);
  const copies: LaidChunk[] = [];
  for (const chunk of chunks) {
    const bytes = await objects.get({ key: from.key, offset: chunk.offset, length: chunk.storedBytes });
    // The object is gone or cut short: it is left for somebody who can mend it.
    if (bytes === undefined) return;
    copies.push(laidAgain(chunk, bytes));
  }
  if (copies.length === 0) return;
  const copy = layOutObject(copies);
  await places.announce([{ key: copy.key, sizeBytes: copy.bytes.byteLength }], nowMs);
  await objects.put(copy.key, copy.bytes);
  await places.move(copy.places, from.key);
}

function laidAgain({ hash, holder, plainBytes, isCompressed }: PlacedChunk, bytes: Uint8Array): LaidChunk {
  return { hash, holder, plainBytes, isCompressed, bytes };
}

async function removeForsaken({ objects, places, nowMs, isStopped }: Compaction): Promise<number> {
  let freedBytes = 0;
  while (!isStopped()) {
    const forsaken = await places.listForsaken({ announcedBeforeMs: nowMs - maxWritingMs, limit: maxRemovedObjects });
    if (forsaken.length === 0) break;
    const keys = forsaken.map(({ key }) => key);
    await objects.remove(keys);
    await places.forget(keys);
    freedBytes += forsaken.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }
  return freedBytes;
}
