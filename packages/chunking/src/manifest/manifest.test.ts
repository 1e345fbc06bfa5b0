import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import { maxChunkSizeBytes, parseChunkHash, type ChunkHash } from "@satchel/protocol";
import fc from "fast-check";
import { fixedPieceSizes } from "./fixed-pieces.ts";
import { ManifestError, type ManifestErrorCode } from "./manifest-error.ts";
import { manifestSizeBytes, maxManifestChunks, type Manifest } from "./manifest.ts";
import { decodeManifest, encodeManifest, packedChunkBytes } from "./packed-manifest.ts";
import { versionHash } from "./version-hash.ts";

const hashA = parseChunkHash("a1".repeat(32));
const hashB = parseChunkHash("0b".repeat(32));
const sha256 = (bytes: Uint8Array) => parseChunkHash(hash("sha256", bytes));

const manifests: fc.Arbitrary<Manifest> = fc.array(
  fc.record(
    {
      hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => parseChunkHash(bytes.toHex())),
      sizeBytes: fc.integer({ min: 1, max: maxChunkSizeBytes }),
    },
    { noNullPrototype: true },
  ),
);

test("[CH16] a packed chunk is its binary hash and its size, big-endian", () => {
  const packed = encodeManifest([
    { hash: hashA, sizeBytes: 0x010203 },
    { hash: hashB, sizeBytes: maxChunkSizeBytes },
  ]);
  assert.equal(packed.toHex(), `${"a1".repeat(32)}00010203${"0b".repeat(32)}00400000`);
});

test("[CH16] decoding gives back what was encoded, also from the middle of a buffer", () => {
  fc.assert(
    fc.property(manifests, fc.integer({ min: 0, max: 5 }), (manifest, before) => {
      const packed = encodeManifest(manifest);
      const larger = new Uint8Array(before + packed.length + 3);
      larger.set(packed, before);
      assert.equal(packed.length, manifest.length * packedChunkBytes);
      assert.deepEqual(decodeManifest(larger.subarray(before, before + packed.length)), manifest);
    }),
  );
});

test("[CH17] packed manifests that can't be right are refused", () => {
  const packed = encodeManifest([{ hash: hashA, sizeBytes: 1 }]);
  refuses("manifest_length", () => decodeManifest(packed.subarray(1)));
  refuses("manifest_length", () => decodeManifest(new Uint8Array(packedChunkBytes + 1)));
  refuses("manifest_chunk_size", () => decodeManifest(new Uint8Array(packedChunkBytes)));
  refuses("manifest_chunk_size", () => decodeManifest(new Uint8Array(packedChunkBytes).fill(255)));
  refuses("manifest_too_long", () => decodeManifest(new Uint8Array((maxManifestChunks + 1) * packedChunkBytes)));
});

test("[CH17] chunks out of bounds aren't packed", () => {
  for (const sizeBytes of [0, -1, 1.5, Number.NaN, maxChunkSizeBytes + 1]) {
    refuses("manifest_chunk_size", () => encodeManifest([{ hash: hashA, sizeBytes }]));
  }
  for (const wrong of ["", "a1", "A1".repeat(32), "zz".repeat(32), "a1".repeat(33)]) {
    refuses("manifest_hash", () => encodeManifest([{ hash: wrong as ChunkHash, sizeBytes: 1 }]));
    refuses("manifest_hash", () => versionHash([{ hash: wrong as ChunkHash, sizeBytes: 1 }], sha256));
  }
});

test("[CH18] the version hash is over the binary chunk hashes, in order", () => {
  const manifest = [
    { hash: hashA, sizeBytes: 5 },
    { hash: hashB, sizeBytes: 6 },
  ];
  const expected = hash("sha256", Buffer.from("a1".repeat(32) + "0b".repeat(32), "hex"));
  assert.equal(versionHash(manifest, sha256), expected);
  assert.notEqual(versionHash(manifest.toReversed(), sha256), expected);
});

test("[CH18] the version hash of an empty file is SHA-256 of nothing", () => {
  assert.equal(versionHash([], sha256), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("[CH19] a file whose sender names no sizes is cut into pieces of 4 MiB and a rest", () => {
  assert.deepEqual(fixedPieceSizes(0), []);
  assert.deepEqual(fixedPieceSizes(1), [1]);
  assert.deepEqual(fixedPieceSizes(maxChunkSizeBytes), [maxChunkSizeBytes]);
  assert.deepEqual(fixedPieceSizes(2 * maxChunkSizeBytes + 1), [maxChunkSizeBytes, maxChunkSizeBytes, 1]);
});

test("[CH15] a file of more pieces than a version may have is refused before they are listed", () => {
  assert.equal(fixedPieceSizes(maxManifestChunks * maxChunkSizeBytes).length, maxManifestChunks);
  refuses("manifest_too_long", () => fixedPieceSizes(maxManifestChunks * maxChunkSizeBytes + 1));
  refuses("manifest_too_long", () => fixedPieceSizes(Number.MAX_SAFE_INTEGER));
  for (const sizeBytes of [-1, 0.5, Number.NaN, Infinity]) assert.throws(() => fixedPieceSizes(sizeBytes), RangeError);
});

test("[CH15] the sizes of a manifest's chunks add up to the size of its content", () => {
  assert.equal(manifestSizeBytes([]), 0);
  assert.equal(
    manifestSizeBytes([
      { hash: hashA, sizeBytes: 5 },
      { hash: hashA, sizeBytes: 5 },
    ]),
    10,
  );
});

function refuses(code: ManifestErrorCode, action: () => unknown): void {
  assert.throws(action, (error) => error instanceof ManifestError && error.code === code);
}
