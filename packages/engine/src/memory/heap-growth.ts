import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** Up to this size a heap counts as small. */
export const smallHeapBytes = 96 * 1024 * 1024;

/** By how much a heap may grow between two collections, in percent of what the last one left. The first is what `satchel` starts with (`own-node.mjs`). */
export const heapGrowth = { small: 100, large: 30 } as const;

let current: number = heapGrowth.small;

/**
 * Tells V8 how much this program's heap may grow before it is collected: a small one a lot, since each collection marks all that is alive and ten of them cost a first sync of 10,000 files a tenth of its time; a large
 * one little, since what 200,000 files leave behind would be hundreds of megabytes. Holds from the next collection on.
 *
 * @param heapBytes what the heap of the calling thread uses
 * @returns the growth that holds now, in percent
 */
export function limitHeapGrowth(heapBytes = getHeapStatistics().used_heap_size): number {
  const wanted = heapBytes > smallHeapBytes ? heapGrowth.large : heapGrowth.small;
  if (wanted !== current) setFlagsFromString(`--heap-growing-percent=${wanted}`);
  current = wanted;
  return wanted;
}
