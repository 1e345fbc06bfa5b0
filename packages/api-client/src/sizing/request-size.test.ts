import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { testRuns } from "@satchel/testkit";
import { firstRequestBytes, maxRequestBytes, minRequestBytes, RequestSize } from "./request-size.ts";

/** A way to the server that carries so many bytes a second, after a delay. */
interface Way {
  readonly bytesPerSecond: number;
  readonly delayMs: number;
  /** Requests that take longer are cut off. */
  readonly cutAfterMs: number;
  /** Larger ones are refused. */
  readonly maxBytes: number;
}

/** Sends requests of the current size; returns how many failed and how large the others were. */
function send(size: RequestSize, way: Way, requests: number): { failed: number; carried: number[] } {
  const carried: number[] = [];
  let failed = 0;
  for (let nth = 0; nth < requests; nth += 1) {
    const { bytes } = size;
    const elapsedMs = way.delayMs + (bytes / way.bytesPerSecond) * 1000;
    if (bytes > way.maxBytes) size.tooLarge(bytes);
    else if (elapsedMs > way.cutAfterMs) size.cut(bytes, way.cutAfterMs);
    else {
      size.done(bytes, elapsedMs);
      carried.push(bytes);
      continue;
    }
    failed += 1;
  }
  return { failed, carried };
}

const fast: Way = { bytesPerSecond: 100e6, delayMs: 1, cutAfterMs: 45_000, maxBytes: Infinity };

test("[AC23] on a good way requests reach their full size with the fifth", () => {
  const size = new RequestSize();
  assert.deepEqual(
    send(size, fast, 5).carried,
    [16, 64, 256, 1024, 4096].map((kib) => kib * 1024),
  );
  assert.equal(size.bytes, maxRequestBytes);
});

test("[AC23] on a line of 50 kbit/s with 800 ms of delay no request is cut off, were it after 5 s", () => {
  const { failed, carried } = send(
    new RequestSize(),
    { bytesPerSecond: 6250, delayMs: 1600, cutAfterMs: 5000, maxBytes: Infinity },
    100,
  );
  assert.equal(failed, 0);
  assert.ok(Math.min(...carried.slice(5)) > 8 * 1024, "and they are no smaller than they need to be");
});

test("[AC23] a proxy's limit of 1 MB costs one request, and is kept", () => {
  const size = new RequestSize();
  const { failed, carried } = send(size, { ...fast, maxBytes: 1_000_000 }, 1000);
  assert.equal(failed, 1);
  assert.ok((carried.at(-1) ?? 0) >= 500_000);
});

test("[AC23] a proxy that breaks off large requests is recognised; random resets change nothing", () => {
  const size = new RequestSize();
  send(size, fast, 3);
  for (let nth = 0; nth < 3; nth += 1) size.cut(size.bytes, 5);
  const found = size.bytes;
  assert.ok(found >= 64 * 1024 && found < maxRequestBytes / 4);
  send(size, { ...fast, maxBytes: found }, 20);
  assert.equal(size.bytes, found);

  const shaken = new RequestSize();
  send(shaken, fast, 10);
  for (let nth = 0; nth < 10; nth += 1) shaken.cut(shaken.bytes, 5);
  assert.equal(shaken.bytes, maxRequestBytes);
});

test("[AC23] whatever the way is like, the size finds what gets through, and is bounded", () => {
  const ways = fc.record({
    bytesPerSecond: fc.integer({ min: 6000, max: 1e9 }),
    delayMs: fc.integer({ min: 0, max: 1000 }),
    cutAfterMs: fc.integer({ min: 4000, max: 60_000 }),
    maxBytes: fc.integer({ min: minRequestBytes, max: 1e8 }),
  });
  fc.assert(
    fc.property(fc.array(ways, { minLength: 1, maxLength: 4 }), (changing) => {
      const size = new RequestSize();
      for (const way of changing) {
        const { failed } = send(size, way, 60);
        assert.ok(failed <= 14, `${failed} of 60 requests failed`);
        assert.ok(size.bytes >= minRequestBytes && size.bytes <= maxRequestBytes);
      }
      size.forget();
      assert.equal(size.bytes, firstRequestBytes);
    }),
    { numRuns: testRuns(200) },
  );
});

test("[AC41] where a limit is set, a request carries no more than passes in a second, and the size that the way carries is kept", () => {
  let allowedBytes = Infinity;
  const size = new RequestSize(() => allowedBytes);
  send(size, fast, 10);
  assert.equal(size.bytes, maxRequestBytes);
  allowedBytes = 300_000;
  assert.equal(size.bytes, 300_000);
  send(size, fast, 10);
  allowedBytes = 1000;
  assert.equal(size.bytes, minRequestBytes);
  allowedBytes = Infinity;
  assert.equal(size.bytes, maxRequestBytes);
});
