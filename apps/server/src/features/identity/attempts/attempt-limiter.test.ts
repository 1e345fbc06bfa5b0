import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import fc from "fast-check";
import { createAttemptLimiter, type Attempt, type AttemptLimiter } from "./attempt-limiter.ts";

const ann = (network: string, isKnown = false): Attempt => ({ subject: "ann", network, isKnown });

/** Seconds to wait before the attempt may be made; 0 when it was made (and failed). */
function fail(limiter: AttemptLimiter, attempt: Attempt): number {
  try {
    limiter.begin(attempt);
    return 0;
  } catch (error) {
    assert.ok(error instanceof ProblemError && error.code === "too_many_requests");
    return error.retryAfterSeconds ?? assert.fail();
  }
}

test("[ID11] after five wrong attempts each further one doubles the wait, up to 15 minutes", () => {
  let now = 0;
  const limiter = createAttemptLimiter({ nowMs: () => now });
  for (let i = 0; i < 5; i++) assert.equal(fail(limiter, ann("a")), 0);
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    const wait = fail(limiter, ann("a"));
    waits.push(wait);
    now += wait * 1000;
    assert.equal(fail(limiter, ann("a")), 0);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  now += 3_600_001;
  assert.equal(fail(limiter, ann("a")), 0);
});

test("[ID11] what a right attempt proves is forgotten of the wrong ones before it", () => {
  const limiter = createAttemptLimiter({ nowMs: () => 0 });
  for (let i = 0; i < 20; i++) {
    assert.equal(fail(limiter, ann("a")), 0);
    limiter.begin(ann("a"));
    limiter.succeeded(ann("a"));
  }
});

test("[ID11] attempts at the same time don't slip through", () => {
  const limiter = createAttemptLimiter({ nowMs: () => 0 });
  const made = Array.from({ length: 100 }, () => fail(limiter, ann("a"))).filter((wait) => wait === 0);
  assert.equal(made.length, 5);
});

test("[ID12] one network can't try many accounts, nor many networks one account", () => {
  const limiter = createAttemptLimiter({ nowMs: () => 0 });
  const sprayed = Array.from({ length: 100 }, (_, i) => fail(limiter, { ...ann("a"), subject: `user ${i}` }));
  assert.equal(sprayed.filter((wait) => wait === 0).length, 30);
  const spread = Array.from({ length: 1000 }, (_, i) => fail(limiter, ann(`network ${i}`)));
  assert.equal(spread.filter((wait) => wait === 0).length, 100);
});

test("[ID12] whatever strangers do, whoever was in the account before gets a try at once from there", () => {
  const attempts = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 20_000 })), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(attempts, (made) => {
      let now = 0;
      const limiter = createAttemptLimiter({ nowMs: () => now });
      limiter.begin(ann("home"));
      limiter.succeeded(ann("home"));
      for (const [network, waitMs] of made) {
        now += waitMs;
        fail(limiter, ann(`stranger ${network}`));
      }
      assert.equal(fail(limiter, ann("home")), 0);
      // With the mark in the browser, also from a network that others misuse.
      for (let i = 0; i < 40; i++) fail(limiter, { ...ann("café"), subject: `user ${i}` });
      for (let i = 0; i < 10; i++) fail(limiter, ann("café"));
      assert.equal(fail(limiter, ann("café", true)), 0);
    }),
  );
});
