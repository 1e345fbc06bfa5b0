import { boundaryStrength, windowHash } from "./gear-hash.ts";
import { averageSizeBytes, levels, maximumSizeBytes, minimumSizeBytes, type Level } from "./levels.ts";
import type { Scanner } from "./scanner.ts";

/** Finds where the chunks of one file end, in a buffer that holds everything since the last end. */
export interface Cutter {
  /**
   * The position in the buffer where the next chunk ends, given that the file's bytes reach up to `filledTo`;
   * -1 when that takes more bytes, or when they are the last and have all been cut.
   */
  findEnd(data: { buffer: Uint8Array; filledTo: number; isLast: boolean }): number;

  /** Says that the buffer's bytes have moved down by this much. */
  moved(bytes: number): void;
}

/**
 * Cuts at `level`. First the file is cut finely: a piece ends at the first candidate that is at least 16 KiB and at most
 * 256 KiB from its start, else at 256 KiB. The first 16 KiB aren't scanned at all. Then fine pieces are joined (see
 * {@link createJoiner}), which costs nothing in comparison, so all levels run at the same speed.
 *
 * The rolling hash and the skipped minimum are those of FastCDC (Xia et al., USENIX ATC 2016); the joining is ours.
 */
export function createCutter(options: { level: Level; scanner: Scanner }): Cutter {
  const { scanner } = options;
  const joiner = createJoiner(options.level);
  const fineMaximum = maximumSizeBytes(0);
  let chunkStart = 0;
  let fineStart = 0;
  let scanFrom = minimumSizeBytes;

  function findFineEnd(filledTo: number): number {
    const limit = fineStart + fineMaximum;
    const to = Math.min(limit, filledTo);
    if (to < scanFrom) return -1;
    const candidate = scanner.findCandidate(scanFrom, to);
    if (candidate >= 0) return candidate;
    scanFrom = to + 1;
    return to === limit ? limit : -1;
  }

  return {
    findEnd({ buffer, filledTo, isLast }) {
      for (;;) {
        const fineEnd = findFineEnd(filledTo);
        if (fineEnd < 0) {
          if (!isLast || chunkStart === filledTo) return -1;
          chunkStart = fineStart = filledTo;
          return filledTo;
        }
        const sizeBytes = fineEnd - fineStart;
        fineStart = fineEnd;
        scanFrom = fineEnd + minimumSizeBytes;
        if (joiner.endsChunk({ sizeBytes, strength: boundaryStrength(windowHash(buffer, fineEnd)) })) {
          return (chunkStart = fineEnd);
        }
      }
    },
    moved(bytes) {
      chunkStart -= bytes;
      fineStart -= bytes;
      scanFrom -= bytes;
    },
  };
}

/** Joins fine pieces, given one by one, into chunks of the level. */
interface Joiner {
  endsChunk(piece: { sizeBytes: number; strength: number }): boolean;
}

/**
 * A chunk of level k ends at the first boundary of level k - 1 that is of strength k or more, or that lies at least twice
 * level k's average from the chunk's start.
 *
 * So a level's boundaries are a subset of the next finer one's, by construction. And a chunk is smaller than twice its average plus
 * one chunk of the level below, which sums up to the maximum of four averages: no chunk has to be taken back for having
 * become too large, and no more than one chunk has to be held.
 */
function createJoiner(level: Level): Joiner {
  const coarser = levels.slice(1, level + 1);
  const joined = new Float64Array(level + 1);
  return {
    endsChunk({ sizeBytes, strength }) {
      let size = sizeBytes;
      for (const at of coarser) {
        size += joined[at]!;
        if (strength < at && size < 2 * averageSizeBytes(at)) {
          joined[at] = size;
          return false;
        }
        joined[at] = 0;
      }
      return true;
    },
  };
}
