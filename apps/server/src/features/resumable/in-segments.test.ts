import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inSegments } from "./in-segments.ts";

test("[TU4] segments are what the pieces are, in order, and each but the last is as long as asked for", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 50 }),
      async (pieces, segmentBytes) => {
        const segments: Buffer[] = [];
        for await (const segment of inSegments(piecesOf(pieces), segmentBytes)) {
          const read: Uint8Array[] = [];
          for await (const piece of segment) read.push(piece);
          segments.push(Buffer.concat(read));
        }
        assert.deepEqual(Buffer.concat(segments), Buffer.concat(pieces));
        for (const segment of segments.slice(0, -1)) assert.equal(segment.length, segmentBytes);
        assert.ok((segments.at(-1)?.length ?? 0) <= segmentBytes);
      },
    ),
  );
});

async function* piecesOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
