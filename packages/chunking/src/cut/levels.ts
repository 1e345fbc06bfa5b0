/**
 * How coarsely a file is cut: 0 (chunks of 64 KiB on average) to 4 (1 MiB). Each level doubles the sizes, and every
 * boundary of a level is a boundary of all finer ones.
 */
export type Level = 0 | 1 | 2 | 3 | 4;

export const levels: readonly Level[] = [0, 1, 2, 3, 4];

const finestLevel: Level = 0;
const coarsestLevel: Level = 4;

/** No chunk of any level is smaller, except the last of a file. Half of all files are: they are one chunk, unscanned. */
export const minimumSizeBytes = 16 * 1024;

const finestAverageSizeBytes = 64 * 1024;

/** What a chunk of the level holds on average in random data; measured means are up to 11 % lower at the coarse levels. */
export function averageSizeBytes(level: Level): number {
  return finestAverageSizeBytes << level;
}

/** No chunk of the level is larger: 256 KiB at level 0, 4 MiB at level 4. */
export function maximumSizeBytes(level: Level): number {
  return 4 * averageSizeBytes(level);
}

/** Chunks that a file is aimed to have: enough that an edit costs little, few enough that a list of them does too. */
const targetChunkCount = 2048;

/** A file keeps its level while it has at most this many times the target (a grown file), ... */
const growthFactor = 4;

/** ... and at least this fraction of it (a shrunken one). Changing a level costs uploading the file once more. */
const shrinkFactor = 1 / 16;

/**
 * The level to cut a file of this size with. `previousLevel` is what its last version was cut with: it is kept until the
 * file has outgrown it, so that a file that grows by appending is uploaded again only once each time it quadruples.
 */
export function chooseLevel(sizeBytes: number, previousLevel?: Level): Level {
  if (previousLevel !== undefined) {
    const count = sizeBytes / averageSizeBytes(previousLevel);
    const outgrown = count > targetChunkCount * growthFactor && previousLevel < coarsestLevel;
    const shrunken = count < targetChunkCount * shrinkFactor && previousLevel > finestLevel;
    if (!outgrown && !shrunken) return previousLevel;
  }
  return levels.find((level) => sizeBytes / averageSizeBytes(level) <= targetChunkCount) ?? coarsestLevel;
}

/**
 * The level that chunks of this average size were most likely cut with, for a version that another device cut.
 * A wrong guess costs deduplication with that version, never correctness.
 */
export function estimateLevel(version: { sizeBytes: number; chunkCount: number }): Level {
  if (version.chunkCount === 0) return finestLevel;
  const mean = version.sizeBytes / version.chunkCount;
  return levels.findLast((level) => mean >= averageSizeBytes(level) * Math.SQRT1_2) ?? finestLevel;
}
