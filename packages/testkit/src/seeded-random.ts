/** Random choices that one seed repeats exactly, on every machine. Not for secrets. */
export interface SeededRandom {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** A whole number from 0 to `bound` - 1, each equally likely; `bound` is 1 to 2^32. */
  below(bound: number): number;
  /** A number from 0 (included) to 1 (excluded), in steps of 2^-53. */
  float(): number;
  /** That many random bytes. */
  bytes(lengthBytes: number): Uint8Array<ArrayBuffer>;
  /** One of the items, each equally likely; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A new list with the same items in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** True with probability `probability` (0 never, 1 always). */
  chance(probability: number): boolean;
  /** An independent source, named, so that adding a draw in one part of a test moves nothing in another. */
  fork(name: string): SeededRandom;
}

/**
 * A source of random choices for tests, from a seed: sfc32 by Chris Doty-Humphrey (PractRand), 128 bits of state,
 * 32-bit arithmetic only, so the same everywhere.
 */
export function seededRandom(seed: number | string): SeededRandom {
  const uint32 = sfc32(`${seed}`);

  const below = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) throw new RangeError(`no number is below ${bound}`);
    // Draws past the last whole multiple of the bound would favour small numbers: draw again.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let draw = uint32();
    while (draw >= limit) draw = uint32();
    return draw % bound;
  };
  const float = (): number => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;

  return {
    uint32,
    below,
    float,
    bytes: (lengthBytes) => {
      const bytes = new Uint8Array(lengthBytes);
      const view = new DataView(bytes.buffer);
      let at = 0;
      for (; at + 4 <= lengthBytes; at += 4) view.setUint32(at, uint32(), true);
      for (; at < lengthBytes; at += 1) bytes[at] = uint32() & 0xff;
      return bytes;
    },
    pick: (items) => {
      if (items.length === 0) throw new RangeError("nothing to pick from");
      return items[below(items.length)] as (typeof items)[number];
    },
    shuffle: (items) => shuffled(items, below),
    chance: (probability) => float() < probability,
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}

/** Fisher and Yates' shuffle, on a copy. */
function shuffled<T>(items: readonly T[], below: (bound: number) => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

function sfc32(seed: string): () => number {
  let [a, b, c] = seedWords(seed);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first draws still show how alike two seeds were.
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** Three words out of any text: FNV-1a with three starting points, finished as MurmurHash3 does. */
function seedWords(seed: string): [number, number, number] {
  const hash = (start: number): number => {
    let word = start;
    for (let at = 0; at < seed.length; at += 1) word = Math.imul(word ^ seed.charCodeAt(at), 0x01000193);
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return word ^ (word >>> 16);
  };
  return [hash(0x811c9dc5), hash(0x9e3779b9), hash(0x7f4a7c15)];
}
