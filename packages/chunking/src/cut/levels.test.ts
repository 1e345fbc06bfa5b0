import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { averageSizeBytes, chooseLevel, estimateLevel, levels } from "./levels.ts";
import { cutSizes, sampleBytes } from "./sample.fixture.ts";

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;

test("[CH12] a new file gets the finest level with at most 2,048 chunks", () => {
  assert.equal(chooseLevel(0), 0);
  assert.equal(chooseLevel(128 * mebibyte), 0);
  assert.equal(chooseLevel(128 * mebibyte + 1), 1);
  assert.equal(chooseLevel(gibibyte), 3);
  assert.equal(averageSizeBytes(chooseLevel(gibibyte)), 512 * 1024);
  assert.equal(chooseLevel(gibibyte + 1), 4);
  assert.equal(chooseLevel(2 ** 46), 4);
});

test("[CH13] a file keeps its level until it has outgrown it fourfold", () => {
  assert.equal(chooseLevel(512 * mebibyte, 0), 0);
  assert.equal(chooseLevel(512 * mebibyte + 1, 0), 3);
  assert.equal(chooseLevel(100 * gibibyte, 4), 4);
});

test("[CH13] a file keeps its level until it has shrunk to a sixteenth of what the level is for", () => {
  assert.equal(chooseLevel(64 * mebibyte, 3), 3);
  assert.equal(chooseLevel(64 * mebibyte - 1, 3), 0);
  assert.equal(chooseLevel(1, 0), 0);
});

test("[CH13] a level that was just chosen is kept, and one that was kept is kept again", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.option(fc.constantFrom(...levels), { nil: undefined }), (sizeBytes, previous) => {
      const level = chooseLevel(sizeBytes, previous);
      assert.equal(chooseLevel(sizeBytes, level), level);
    }),
  );
});

test("[CH13] a file that grows by appending up to 1 TiB changes its level at most three times", () => {
  let level = chooseLevel(1);
  let changes = 0;
  for (let sizeBytes = 1; sizeBytes < 2 ** 40; sizeBytes *= 1.01) {
    const next = chooseLevel(sizeBytes, level);
    if (next !== level) changes++;
    level = next;
  }
  assert.equal(level, 4);
  assert.ok(changes <= 3, `${changes} changes`);
});

test("[CH14] the level of a version is seen from its size and number of chunks", () => {
  const bytes = sampleBytes("estimate", 48 * mebibyte);
  for (const level of levels) {
    assert.equal(estimateLevel({ sizeBytes: bytes.length, chunkCount: cutSizes(bytes, level).length }), level);
  }
  assert.equal(estimateLevel({ sizeBytes: 0, chunkCount: 0 }), 0);
  assert.equal(estimateLevel({ sizeBytes: 5, chunkCount: 1 }), 0);
  assert.equal(estimateLevel({ sizeBytes: 40 * mebibyte, chunkCount: 10 }), 4);
});
