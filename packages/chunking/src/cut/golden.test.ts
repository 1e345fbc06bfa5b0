import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { testRuns } from "@satchel/testkit";
import { gearTable } from "./gear-table.ts";
import { levels, type Level } from "./levels.ts";
import {
  boundaries,
  cutSizes,
  fileContents,
  javaScriptChunker,
  sampleBytes,
  sha256,
  wasmChunker,
} from "./sample.fixture.ts";

/** The table in docs/spec/chunking.md. A failure here means that every stored file would be cut anew: fix the code, not this. */
const golden: Record<Level, { count: number; first: number[]; digest: string }> = {
  0: {
    count: 364,
    first: [64068, 44642, 53932],
    digest: "3d81443e844f611779008423237b0c9441b2ff3c36074f4a98e7c28a085d610c",
  },
  1: {
    count: 181,
    first: [64068, 314883, 401857],
    digest: "26655d2391f4c5117a3f7dbcdcee5ccce3d15ff54f9fef8316c800801f2246de",
  },
  2: {
    count: 84,
    first: [378951, 717820, 779156],
    digest: "57096e4f562fd453bcf327d4865cd8127b3f1cae4020fd5cefe475a63b2c3f5a",
  },
  3: {
    count: 35,
    first: [378951, 1496976, 434951],
    digest: "7a3a79230542f8eceb1fa0fcef5f21bc0211371bc01d613bc6b54c8e101bf321",
  },
  4: {
    count: 20,
    first: [2310878, 2039171, 2332095],
    digest: "6b9d839b1e66586d13d766cf23f46fc3fb251b4a11a320003c4843fd1bba5746",
  },
};

for (const chunker of [wasmChunker, javaScriptChunker]) {
  test(`[CH4] [CH5] ${chunker.implementation} cuts the golden input where it always was cut`, () => {
    const bytes = sampleBytes("satchel golden 1", 24 * 1024 * 1024);
    for (const level of levels) {
      const sizes = cutSizes(bytes, level, chunker);
      assert.deepEqual(
        { count: sizes.length, first: sizes.slice(0, 3), digest: sha256(Buffer.from(sizes.join(","))) },
        golden[level],
      );
    }
  });
}

test("[CH1] [CH3] [CH4] [CH5] the cuts are those of the rules, read literally", () => {
  fc.assert(
    fc.property(fileContents, fc.constantFrom(...levels), (bytes, level) => {
      assert.deepEqual(boundaries(cutSizes(bytes, level)), literalBoundaries(bytes, level));
    }),
    { numRuns: testRuns(8) },
  );
});

test("[CH2] the gear table is the one that its rule makes", () => {
  const entry = (byte: number) => createHash("sha256").update(`satchel gear 1/${byte}`).digest().readUInt32BE(0);
  assert.deepEqual(
    [...gearTable],
    Array.from({ length: 256 }, (_, byte) => entry(byte)),
  );
});

test("[CH9] a long run of any one byte is cut into equal chunks", () => {
  for (let byte = 0; byte < 256; byte++) {
    assert.deepEqual(cutSizes(new Uint8Array(600_000).fill(byte), 0), [262_144, 262_144, 75_712]);
  }
  for (const level of levels) {
    const maximum = 262_144 * 2 ** level;
    assert.deepEqual(cutSizes(new Uint8Array(2 * maximum + 5), level), literalRunSizes(level));
  }
});

/** A run's pieces of 256 KiB, joined by CH5: two level k - 1 chunks make twice level k's average. */
function literalRunSizes(level: Level): number[] {
  const maximum = 262_144 * 2 ** level;
  const size = level === 0 ? maximum : 262_144 * 2 ** (level - 1);
  return [...Array.from({ length: (2 * maximum) / size }, () => size), 5];
}

/** CH1 to CH5, one after the other over the whole file, with no thought of speed or memory. */
function literalBoundaries(bytes: Uint8Array, level: Level): number[] {
  const strengths = candidateStrengths(bytes);
  let cuts = [0];
  for (let start = 0; start < bytes.length; start = cuts.at(-1)!) {
    let end = start + 16_384;
    while (end < start + 262_144 && !strengths.has(end)) end++;
    cuts.push(Math.min(end, bytes.length));
  }
  for (let coarser = 1; coarser <= level; coarser++) {
    const kept = [0];
    let start = 0;
    for (const cut of cuts.slice(1)) {
      const isStrong = (strengths.get(cut) ?? -1) >= coarser;
      if (!isStrong && cut - start < 131_072 * 2 ** coarser && cut !== bytes.length) continue;
      kept.push(cut);
      start = cut;
    }
    cuts = kept;
  }
  return cuts.slice(1);
}

function candidateStrengths(bytes: Uint8Array): Map<number, number> {
  const strengths = new Map<number, number>();
  let hash = 0;
  bytes.forEach((byte, index) => {
    hash = (hash * 2 + gearTable[byte]!) % 2 ** 32;
    if (hash < 87_381) strengths.set(index + 1, [43_690, 21_845, 10_922, 5_461].filter((limit) => hash < limit).length);
  });
  return strengths;
}
