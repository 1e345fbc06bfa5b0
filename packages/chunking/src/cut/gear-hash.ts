import { gearTable } from "./gear-table.ts";

/** Bytes that one hash value depends on: each step shifts by one bit, so 32 steps push a byte out of the 32 bits. */
export const windowBytes = 32;

/**
 * A position whose window hashes below this may end a chunk. In random data that is one position in 49,152 (48 KiB),
 * which after the 16 KiB that are skipped makes 64 KiB. A comparison costs what a mask does, and isn't tied to powers of two.
 */
export const candidateThreshold = 87_381;

/**
 * The gear hash of the 32 bytes before `position`: `hash = hash * 2 + gearTable[byte]`, modulo 2^32, from oldest to newest.
 * Needs `position >= 32`.
 */
export function windowHash(bytes: Uint8Array, position: number): number {
  let hash = 0;
  for (let at = position - windowBytes; at < position; at++) hash = (hash << 1) + gearTable[bytes[at]!]!;
  return hash >>> 0;
}

/**
 * The coarsest level at which a hash still is a boundary: the threshold halves with each level, so half of the
 * boundaries of one level carry over to the next. -1 for no boundary at all; may exceed the coarsest level.
 */
export function boundaryStrength(hash: number): number {
  let strength = -1;
  for (let threshold = candidateThreshold; hash < threshold; threshold >>>= 1) strength++;
  return strength;
}
