import type { ChunkPlaceStore } from "../../metadata/chunk-place-store.ts";
import type { BroughtChunk, DirectChunks } from "../direct-chunks.ts";
import { nameOfHolder } from "./name-of-holder.ts";
import { objectKey } from "./object-layout.ts";
import type { ObjectAddresses, ObjectStore } from "./object-store.ts";

interface DirectParts {
  readonly objects: Pick<ObjectStore, "look">;
  readonly addresses: ObjectAddresses;
  readonly places: ChunkPlaceStore;
  readonly nowMs: () => number;
}

/**
 * Chunks that clients bring to the object store themselves, each as an object of its own: announced before the address is given away, placed once the store says that it took the bytes of the
 * checksum. An object that nobody fills, or whose chunk has a place elsewhere by then, is cleared away like any that was announced in vain.
 */
export function directObjectChunks({ objects, addresses, places, nowMs }: DirectParts): DirectChunks {
  /** That the address was signed for these bytes says what may come; only the store knows what did, and one that verifies nothing is not believed. */
  async function lies({ hash, sizeBytes, objectKey: key }: BroughtChunk): Promise<boolean> {
    const found = await objects.look(key);
    return found?.sizeBytes === sizeBytes && found.sha256 === hash;
  }

  return {
    async openUploads(chunks, forMs) {
      const announced = chunks.map((chunk) => ({ ...chunk, key: objectKey() }));
      await places.announce(announced, nowMs());
      return Promise.all(
        announced.map(async ({ key, hash, sizeBytes }) => ({
          objectKey: key,
          ...(await addresses.toPut(key, { sha256: hash, sizeBytes, forMs })),
        })),
      );
    },
    async takeOver(chunks, holder) {
      // Also of chunks that the store has: who didn't bring them here has not shown to have them.
      const brought = await Promise.all(chunks.map(lies));
      const there = distinct(chunks.filter((_, index) => brought[index]));
      const hashes = there.map(({ hash }) => hash);
      const own = nameOfHolder(holder);
      // What others have brought has places of theirs, and changes nothing here. To look and to touch is one step: a place that was only seen might be collected before it is held.
      const kept = await places.touch(hashes, nowMs(), own);
      const fresh = there.filter((_, index) => !kept[index]);
      if (fresh.length > 0)
        await places.place(
          fresh.map(({ hash, sizeBytes, objectKey: key }) => ({
            hash,
            holder: own,
            objectKey: key,
            offset: 0,
            storedBytes: sizeBytes,
            plainBytes: sizeBytes,
            isCompressed: false,
          })),
          nowMs(),
        );
      return brought;
    },
    async openDownloads(hashes, { holder, forMs }) {
      const own = nameOfHolder(holder);
      const found = await places.find(hashes, own);
      return Promise.all(
        found.map(async (place) => {
          // An address tells the object's name, and its store how old it is: of others' objects nobody gets one.
          if (place === undefined || place.holder !== own || place.isDamaged || place.isCompressed) return undefined;
          return addresses.toGet({ key: place.objectKey, offset: place.offset, length: place.storedBytes }, forMs);
        }),
      );
    },
  };
}

function distinct(chunks: readonly BroughtChunk[]): BroughtChunk[] {
  return [...new Map(chunks.map((chunk) => [chunk.hash, chunk])).values()];
}
