import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { testRuns } from "@satchel/testkit";
import fc from "fast-check";
import { openStream, SealBrokenError, sealStream } from "./sealed-stream.ts";

const key = randomBytes(32);

async function* of(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("[BK1] what was sealed is opened, in whatever pieces it comes", async () => {
  const sizes = fc.array(fc.nat({ max: 700_000 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1000, max: 3_000_000 }), async (pieceSizes, cut) => {
      const pieces = pieceSizes.map((size) => randomBytes(size));
      const sealed = await all(sealStream(key, of(pieces)));
      const cutUp = Array.from({ length: Math.ceil(sealed.byteLength / cut) }, (_, nth) =>
        sealed.subarray(nth * cut, (nth + 1) * cut),
      );
      assert.ok((await all(openStream(key, of(cutUp)))).equals(Buffer.concat(pieces)));
    }),
    { numRuns: testRuns(10) },
  );
});

test("[BK2] an altered, cut, lengthened or rearranged stream is refused, and so is another key", async () => {
  const sealed = await all(sealStream(key, of([randomBytes(3_500_000)])));
  const frame = 1024 * 1024 + 20;
  const head = 24;
  const altered = Buffer.from(sealed);
  altered[sealed.byteLength - 100] = (altered[sealed.byteLength - 100] ?? 0) ^ 1;
  const broken: Record<string, Buffer> = {
    altered,
    "cut within a frame": sealed.subarray(0, sealed.byteLength - 1),
    "cut behind a frame": sealed.subarray(0, head + 2 * frame),
    "nothing but its head": sealed.subarray(0, head),
    empty: Buffer.alloc(0),
    lengthened: Buffer.concat([sealed, Buffer.from([0])]),
    "without its first frame": Buffer.concat([sealed.subarray(0, head), sealed.subarray(head + frame)]),
    "with two frames changed over": Buffer.concat([
      sealed.subarray(0, head),
      sealed.subarray(head + frame, head + 2 * frame),
      sealed.subarray(head, head + frame),
      sealed.subarray(head + 2 * frame),
    ]),
  };
  for (const [what, bytes] of Object.entries(broken))
    await assert.rejects(all(openStream(key, of([bytes]))), SealBrokenError, what);
  await assert.rejects(all(openStream(randomBytes(32), of([sealed]))), SealBrokenError);
});
