import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createInProcessLimiter } from "./in-process-limiter.ts";

function create(perSecond: number, burst: number, maxKeys = 10) {
  const time = { nowMs: 1_000_000 };
  return { time, limiter: createInProcessLimiter({ rate: { perSecond, burst }, maxKeys, nowMs: () => time.nowMs }) };
}

test("[SE30] a burst goes through at once, then as much as the rate, and a refusal takes nothing", () => {
  const { time, limiter } = create(10, 3);
  assert.deepEqual([limiter.take("a"), limiter.take("a"), limiter.take("a")], [0, 0, 0]);
  assert.deepEqual([limiter.take("a"), limiter.take("a")], [100, 100]);
  assert.equal(limiter.take("b"), 0);
  time.nowMs += 100;
  assert.deepEqual([limiter.take("a"), limiter.take("a")], [0, 100]);
  time.nowMs += 10_000;
  assert.deepEqual([limiter.take("a", 3), limiter.take("a")], [0, 100]);
});

test("[SE30] whoever waits as long as they were told gets through, and no more gets through than the rate and one burst", () => {
  const requests = fc.array(fc.record({ afterMs: fc.nat(500), cost: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 3, max: 20 }), (all, perSecond, burst) => {
      const { time, limiter } = create(perSecond, burst);
      const start = time.nowMs;
      let passed = 0;
      for (const { afterMs, cost } of all) {
        time.nowMs += afterMs;
        const waitMs = limiter.take("a", cost) as number;
        if (waitMs > 0) {
          time.nowMs += waitMs;
          assert.equal(limiter.take("a", cost), 0);
        }
        passed += cost;
        assert.ok(passed <= burst + ((time.nowMs - start) / 1000) * perSecond + 1e-6);
      }
    }),
  );
});

test("[SE30] the memory is bounded, and a clock that went back locks nobody out", () => {
  const { time, limiter } = create(1, 1, 4);
  assert.equal(limiter.take("a"), 0);
  assert.ok((limiter.take("a") as number) > 0);
  for (const key of ["b", "c", "d", "e"]) assert.equal(limiter.take(key), 0);
  assert.equal(limiter.take("a"), 0);
  time.nowMs -= 500_000;
  assert.ok((limiter.take("a") as number) <= 1000);
});

test("[SE31] a flood costs microseconds a question, however many addresses it comes from", () => {
  const { limiter } = create(1, 1, 100_000);
  const questions = 200_000;
  const started = process.cpuUsage();
  let waited = 0;
  for (let index = 0; index < questions; index += 1) waited += limiter.take(`address ${index % 150_000}`) as number;
  // The processor's time: on a busy machine the clock tells of others.
  const { user, system } = process.cpuUsage(started);
  const microseconds = (user + system) / questions;
  assert.ok(waited >= 0);
  assert.ok(microseconds < 20, `${microseconds} µs`);
});
