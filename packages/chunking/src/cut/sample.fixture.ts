import { createCipheriv, createHash, hash } from "node:crypto";
import { parseChunkHash, type ChunkHash } from "@satchel/protocol";
import fc from "fast-check";
import { createChunker, type Chunker, type Read } from "./chunker.ts";
import type { Level } from "./levels.ts";
import { createJavaScriptScanner } from "./scanner.ts";
import { createWasmScanner } from "./wasm-scanner.ts";

export const wasmChunker: Chunker = createChunker(createWasmScanner());
export const javaScriptChunker: Chunker = createChunker(createJavaScriptScanner());

export function sha256(bytes: Uint8Array): ChunkHash {
  return parseChunkHash(hash("sha256", bytes));
}

/** Bytes without any pattern that are always the same: the AES-256-CTR key stream of key SHA-256(label), from counter 0. */
export function sampleBytes(label: string, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const key = createHash("sha256").update(label).digest();
  return new Uint8Array(createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes)));
}

/** Reads from memory, in pieces whose sizes are taken from the list in turn. */
export function readFrom(bytes: Uint8Array, pieceSizes: readonly number[] = [Infinity]): Read {
  let at = 0;
  let turn = 0;
  return (target) => {
    const wanted = pieceSizes[turn++ % pieceSizes.length]!;
    const piece = bytes.subarray(at, at + Math.min(target.length, wanted));
    target.set(piece);
    at += piece.length;
    return piece.length;
  };
}

/** The chunk sizes of these bytes. */
export function cutSizes(bytes: Uint8Array, level: Level, chunker = wasmChunker): number[] {
  const unhashed = "" as ChunkHash;
  return [...chunker.cutSync({ read: readFrom(bytes), level, hash: () => unhashed })].map((chunk) => chunk.sizeBytes);
}

/** Where chunks of these sizes end. */
export function boundaries(sizes: readonly number[]): number[] {
  let at = 0;
  return sizes.map((size) => (at += size));
}

const maxSegmentBytes = 700_000;

/** Files of up to 4 MiB from segments as real ones have them: noise, runs of one byte, short patterns over and over. */
export const fileContents: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("noise", "noise", "run", "pattern"),
      seed: fc.nat(),
      sizeBytes: fc.integer({ min: 0, max: maxSegmentBytes }),
    }),
    { maxLength: 6 },
  )
  .map((segments) => new Uint8Array(Buffer.concat(segments.map(segmentBytes))));

function segmentBytes(segment: { kind: string; seed: number; sizeBytes: number }): Uint8Array {
  const { kind, seed, sizeBytes } = segment;
  if (kind === "noise") return sampleBytes(`noise ${seed}`, sizeBytes);
  if (kind === "run") return Buffer.alloc(sizeBytes, seed & 255);
  return Buffer.alloc(sizeBytes, sampleBytes(`pattern ${seed}`, 1 + (seed % 5000)));
}
