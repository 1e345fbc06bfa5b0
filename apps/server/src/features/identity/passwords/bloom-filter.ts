import { hash } from "node:crypto";

/** How many bits one text sets. With 21 bits a text in the filter, one of 20,000 texts that aren't in it seems to be. */
const bitsPerText = 14;

/** Marks a text in a filter, which is an array of bits whose length is a power of two. */
export function addToBloom(filter: Uint8Array, text: string): void {
  for (const bit of bitsOf(filter, text)) filter[bit >>> 3] = (filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
}

/** Never false for a text that was added; rarely true for one that was not. */
export function isInBloom(filter: Uint8Array, text: string): boolean {
  return bitsOf(filter, text).every((bit) => ((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0);
}

/** By two halves of one hash (Kirsch and Mitzenmacher, "Less Hashing, Same Performance"). */
function bitsOf(filter: Uint8Array, text: string): number[] {
  const digest = hash("sha256", text, "buffer");
  const [first, second] = [digest.readUInt32LE(0), digest.readUInt32LE(4) | 1];
  const mask = filter.length * 8 - 1;
  return Array.from({ length: bitsPerText }, (_, index) => ((first + index * second) & mask) >>> 0);
}
