import { candidateThreshold, windowBytes, windowHash } from "./gear-hash.ts";
import { gearTable } from "./gear-table.ts";

/** A buffer, and the loop that finds places in it where a chunk may end. All implementations find the same places. */
export interface Scanner {
  readonly implementation: "wasm" | "javascript";

  /** A buffer of at least this size. Its contents are arbitrary, and those handed out before may be dead. */
  reserve(sizeBytes: number): Uint8Array<ArrayBuffer>;

  /**
   * The first position in [from, to] of the reserved buffer whose preceding 32 bytes hash below `candidateThreshold`,
   * or -1. Needs `from >= 32`.
   */
  findCandidate(from: number, to: number): number;
}

/** The scanner for places where WebAssembly isn't to be had, such as a page whose policy forbids it. A third of the speed. */
export function createJavaScriptScanner(): Scanner {
  let buffer = new Uint8Array(0);
  return {
    implementation: "javascript",
    reserve(sizeBytes) {
      if (buffer.length < sizeBytes) buffer = new Uint8Array(sizeBytes);
      return buffer;
    },
    findCandidate(from, to) {
      return findCandidate(buffer, from, to);
    },
  };
}

function findCandidate(bytes: Uint8Array, from: number, to: number): number {
  if (from < windowBytes || to > bytes.length) throw new RangeError("the scan leaves the buffer");
  if (from > to) return -1;
  let hash = windowHash(bytes, from);
  if (hash < candidateThreshold) return from;
  for (let at = from; at < to; at++) {
    hash = ((hash << 1) + gearTable[bytes[at]!]!) >>> 0;
    if (hash < candidateThreshold) return at + 1;
  }
  return -1;
}
