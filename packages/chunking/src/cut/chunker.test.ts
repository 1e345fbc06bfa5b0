import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { testRuns } from "@satchel/testkit";
import { createChunker, type CutChunk } from "./chunker.ts";
import { levels, maximumSizeBytes, minimumSizeBytes } from "./levels.ts";
import {
  boundaries,
  cutSizes,
  fileContents,
  javaScriptChunker,
  readFrom,
  sampleBytes,
  sha256,
  wasmChunker,
} from "./sample.fixture.ts";
import { createJavaScriptScanner, type Scanner } from "./scanner.ts";

const anyLevel = fc.constantFrom(...levels);
const pieceSizes = fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 8 });
const runs = { numRuns: testRuns(10) };

test("[CH6] every boundary of a level is one of the next finer level too", () => {
  fc.assert(
    fc.property(fileContents, (bytes) => {
      for (const level of levels.slice(1)) {
        const finer = new Set(boundaries(cutSizes(bytes, levels[level - 1]!)));
        assert.deepEqual(
          boundaries(cutSizes(bytes, level)).filter((boundary) => !finer.has(boundary)),
          [],
        );
      }
    }),
    runs,
  );
});

test("[CH7] chunks keep within their level's bounds and make up the file", () => {
  fc.assert(
    fc.property(fileContents, anyLevel, (bytes, level) => {
      const sizes = cutSizes(bytes, level);
      assert.ok(sizes.slice(0, -1).every((size) => size >= minimumSizeBytes));
      assert.ok(sizes.every((size) => size >= 1 && size <= maximumSizeBytes(level)));
      assert.equal(boundaries(sizes).at(-1) ?? 0, bytes.length);
    }),
    runs,
  );
});

test("[CH7] an empty file has no chunks, and one of up to 16 KiB a single one", () => {
  for (const level of levels) {
    assert.deepEqual(cutSizes(new Uint8Array(0), level), []);
    assert.deepEqual(cutSizes(sampleBytes("small", 1), level), [1]);
    assert.deepEqual(cutSizes(sampleBytes("small", minimumSizeBytes), level), [minimumSizeBytes]);
  }
});

test("[CH8] an edit changes few chunks, wherever it is", () => {
  // Random data resynchronises with high probability only, so the examples are always the same.
  const sample = sampleBytes("locality", 24 * 1024 * 1024);
  for (const level of levels) {
    // Some twenty chunks of the largest size, and more of them where chunks are small.
    const bytes = sample.subarray(0, Math.min(sample.length, 6 * maximumSizeBytes(level)));
    const before = new Set(chunkHashes(bytes, level));
    for (const at of [0, bytes.length / 4 + 1, bytes.length / 2 + 7, bytes.length]) {
      const inserted = Buffer.concat([bytes.subarray(0, at), Buffer.of(7), bytes.subarray(at)]);
      const removed = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 100_000)]);
      for (const edited of [inserted, removed]) {
        const changed = chunkHashes(edited, level).filter((hash) => !before.has(hash));
        assert.ok(changed.length <= 4, `${changed.length} chunks changed at level ${level}, offset ${at}`);
      }
    }
  }
});

test("[CH10] JavaScript cuts where WebAssembly does", () => {
  assert.equal(wasmChunker.implementation, "wasm");
  assert.equal(javaScriptChunker.implementation, "javascript");
  fc.assert(
    fc.property(fileContents, anyLevel, (bytes, level) => {
      assert.deepEqual(cutSizes(bytes, level, javaScriptChunker), cutSizes(bytes, level, wasmChunker));
    }),
    runs,
  );
});

test("[CH10] the sizes of reads don't move the cuts", () => {
  fc.assert(
    fc.property(fileContents, anyLevel, pieceSizes, (bytes, level, sizes) => {
      const chunks = [...wasmChunker.cutSync({ read: readFrom(bytes, sizes), level, hash: sha256 })];
      assert.deepEqual(
        chunks.map((chunk) => chunk.sizeBytes),
        cutSizes(bytes, level),
      );
    }),
    runs,
  );
});

test("[CH10] a stream of pieces gives the chunks that reading does, each with its own bytes and hash", async () => {
  await fc.assert(
    fc.asyncProperty(fileContents, anyLevel, pieceSizes, async (bytes, level, sizes) => {
      const whole: Buffer[] = [];
      let offset = 0;
      const hash = (chunk: Uint8Array) => Promise.resolve(sha256(chunk));
      for await (const chunk of wasmChunker.cutStream({ pieces: piecesOf(bytes, sizes), level, hash })) {
        assert.equal(chunk.offset, offset);
        assert.equal(chunk.bytes.length, chunk.sizeBytes);
        assert.equal(chunk.hash, sha256(chunk.bytes));
        whole.push(Buffer.from(chunk.bytes));
        offset += chunk.sizeBytes;
      }
      assert.deepEqual(
        whole.map((chunk) => chunk.length),
        cutSizes(bytes, level),
      );
      assert.ok(Buffer.concat(whole).equals(bytes));
    }),
    runs,
  );
});

test("the chunks of a file that is read put together are the file", () => {
  const bytes = sampleBytes("reassembly", 9_999_999);
  for (const level of levels) {
    const whole: Buffer[] = [];
    let offset = 0;
    for (const chunk of wasmChunker.cutSync({ read: readFrom(bytes), level, hash: sha256 })) {
      assert.equal(chunk.offset, offset);
      assert.equal(chunk.hash, sha256(chunk.bytes));
      whole.push(Buffer.from(chunk.bytes));
      offset += chunk.sizeBytes;
    }
    assert.ok(Buffer.concat(whole).equals(bytes));
  }
});

test("[CH11] cutting holds no more than 8 MiB and a page, at the coarsest level and with the largest chunks", () => {
  const chunker = createChunker();
  const largest = largestBuffer(
    chunker.cutSync({ read: readFrom(new Uint8Array(40_000_000)), level: 4, hash: sha256 }),
  );
  assert.ok(largest <= 8 * 1024 * 1024 + 64 * 1024, `${largest} bytes`);
});

test("a chunker uses its memory again for the next file, coarser or finer", () => {
  const chunker = createChunker();
  const bytes = sampleBytes("again", 3_000_000);
  for (const level of [0, 4, 1, 4, 0] as const) {
    assert.deepEqual(cutSizes(bytes, level, chunker), cutSizes(bytes, level, javaScriptChunker));
  }
});

test("a chunker refuses a second file until the first is done or given up", () => {
  const chunker = createChunker();
  const start = () => chunker.cutSync({ read: readFrom(sampleBytes("busy", 1_000_000)), level: 0, hash: sha256 });
  const first = start();
  first.next();
  assert.throws(() => start().next(), /one file at a time/);
  first.return();
  assert.equal([...start()].length, cutSizes(sampleBytes("busy", 1_000_000), 0).length);
});

test("an error of the reader or the hash function comes through and leaves the chunker usable", () => {
  const chunker = createChunker();
  const bytes = sampleBytes("errors", 300_000);
  const fail = (): never => {
    throw new Error("gone");
  };
  assert.throws(() => chunker.cutSync({ read: fail, level: 0, hash: sha256 }).next(), /gone/);
  assert.throws(() => chunker.cutSync({ read: readFrom(bytes), level: 0, hash: fail }).next(), /gone/);
  assert.deepEqual(cutSizes(bytes, 0, chunker), cutSizes(bytes, 0));
});

test("a reader that claims an impossible count is refused", () => {
  for (const count of [-1, 0.5, Number.NaN, 1024 * 1024]) {
    assert.throws(() => wasmChunker.cutSync({ read: () => count, level: 0, hash: sha256 }).next(), RangeError);
  }
});

test("the scanner's buffer grows with the level and is asked for once a file", () => {
  const reserved: number[] = [];
  const scanner = createJavaScriptScanner();
  const recording: Scanner = { ...scanner, reserve: (size) => (reserved.push(size), scanner.reserve(size)) };
  const chunker = createChunker(recording);
  for (const level of levels) cutSizes(sampleBytes("growth", 2_000_000), level, chunker);
  assert.deepEqual(
    reserved,
    levels.map((level) => 2 * maximumSizeBytes(level)),
  );
});

function chunkHashes(bytes: Uint8Array, level: (typeof levels)[number]): string[] {
  return [...wasmChunker.cutSync({ read: readFrom(bytes), level, hash: sha256 })].map((chunk) => chunk.hash);
}

function largestBuffer(chunks: Iterable<CutChunk>): number {
  let largest = 0;
  for (const chunk of chunks) largest = Math.max(largest, chunk.bytes.buffer.byteLength);
  return largest;
}

async function* piecesOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
}
