import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { testRuns } from "@satchel/testkit";
import { virtualTiming } from "../retry/virtual-timing.fixture.ts";
import type { HttpRequest, HttpTransport } from "../transport/transport.ts";
import { freeBodyBytes, limitedTransport } from "./limited-transport.ts";
import { rateLimits, type TransferRates } from "./rate-limits.ts";

/** A server that answers at once, with as many bytes as the path says. */
const instant: HttpTransport = {
  send: async ({ path }) => ({ status: 200, headers: {}, body: new Uint8Array(Number(path.slice(1))) }),
  close: async () => undefined,
};

function request(options: { sent?: number; received?: number; signal?: AbortSignal }): HttpRequest {
  const { sent = 0, received = 0, signal } = options;
  const body = [new Uint8Array(sent)];
  return { method: "PUT", path: `/${received}`, headers: {}, body, idempotent: true, signal };
}

test("[AC41] over any time, what passes is the rate times the time, one burst and one request; and it is used", async () => {
  const sizes = fc.array(fc.integer({ min: freeBodyBytes + 1, max: 1_000_000 }), { minLength: 5, maxLength: 20 });
  const rates = fc.integer({ min: 100_000, max: 10_000_000 });
  await fc.assert(
    fc.asyncProperty(sizes, rates, fc.constantFrom("up", "down"), async (bytes, rate, direction) => {
      const timing = virtualTiming({ hurry: true });
      const limits = { up: null, down: null, [direction]: rate };
      const transport = limitedTransport(
        instant,
        rateLimits(() => limits, timing),
      );
      const startMs = timing.nowMs();
      let passed = 0;
      for (const size of bytes) {
        await transport.send(request(direction === "up" ? { sent: size } : { received: size }));
        passed += size;
        const allowed = (rate * (timing.nowMs() - startMs)) / 1000 + rate + size;
        assert.ok(passed <= allowed, `${passed} bytes passed, ${allowed} may`);
      }
      const neededMs = (passed / rate) * 1000;
      assert.ok(timing.nowMs() - startMs <= neededMs + bytes.length + 1, "nobody waits for longer than needed");
    }),
    { numRuns: testRuns(50) },
  );
});

test("[AC41] a limit that changes holds at once, also for who waits", async () => {
  const timing = virtualTiming();
  let limits: TransferRates = { up: 1000, down: null };
  const transport = limitedTransport(
    instant,
    rateLimits(() => limits, timing),
  );
  await transport.send(request({ sent: 1_000_000 }));
  let isThrough = false;
  const waiting = transport.send(request({ sent: 100_000 })).then(() => (isThrough = true));
  await timing.advance(60_000);
  assert.equal(isThrough, false);
  limits = { up: null, down: null };
  await timing.advance(1000);
  assert.equal(isThrough, true);
  await waiting;
});

test("[AC41] a question passes while files are being paid for, and an abandoned one does not wait", async () => {
  const timing = virtualTiming();
  const transport = limitedTransport(
    instant,
    rateLimits(() => ({ up: 1000, down: 1000 }), timing),
  );
  await transport.send(request({ sent: 1_000_000 }));
  await transport.send(request({ sent: freeBodyBytes, received: freeBodyBytes }));
  const abort = new AbortController();
  const waiting = assert.rejects(transport.send(request({ sent: 100_000, signal: abort.signal })), /nobody wants it/);
  await timing.advance(2000);
  abort.abort(new Error("nobody wants it"));
  await waiting;
});

test("[AC41] a clock that jumps gives no more than one burst and takes nothing", async () => {
  const timing = virtualTiming({ hurry: true });
  let offsetMs = 0;
  const jumping = { nowMs: () => timing.nowMs() + offsetMs, sleep: timing.sleep };
  const transport = limitedTransport(
    instant,
    rateLimits(() => ({ up: 100_000, down: null }), jumping),
  );
  await transport.send(request({ sent: 100_000 }));
  offsetMs = 86_400_000;
  await transport.send(request({ sent: 200_000 }));
  const before = timing.nowMs();
  offsetMs = -86_400_000;
  await transport.send(request({ sent: 100_000 }));
  const waitedMs = timing.nowMs() - before;
  assert.ok(waitedMs >= 990 && waitedMs <= 1100, `${waitedMs} ms`);
});
