import type { ChunkPlaceStore } from "../../metadata/chunk-place-store.ts";
import { ObjectStoreError, type ObjectStore } from "./object-store.ts";

/** So many objects are looked for at most: mostly the first is there, and a bucket that has none of so many is another one. */
const maxLookedFor = 20;

/**
 * Whether this is the bucket that the metadata's places are in, as far as can be told: one that has none of some objects that should be there is another one, or was emptied. What is known to be lost, and a store that
 * does not answer, tell nothing. [CS52]
 */
export async function isOwnBucket({
  objects,
  places,
}: {
  readonly objects: Pick<ObjectStore, "look">;
  readonly places: Pick<ChunkPlaceStore, "list" | "find">;
}): Promise<boolean> {
  const listed = await places.list({ after: undefined, limit: maxLookedFor });
  const found = await places.find(
    listed.map(({ hash }) => hash),
    "",
  );
  const keys = new Set(found.flatMap((place) => (place && !place.isDamaged ? place.objectKey : [])));
  try {
    for (const key of keys) if ((await objects.look(key)) !== undefined) return true;
  } catch (error) {
    if (error instanceof ObjectStoreError) return true;
    throw error;
  }
  return keys.size === 0;
}
