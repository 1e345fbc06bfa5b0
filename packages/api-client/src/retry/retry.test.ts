import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import fc from "fast-check";
import { OfflineError } from "../transport/transport.ts";
import { backoffMs, endlessRetry, foregroundRetry, maxBackoffMs, noRetry, retry } from "./retry.ts";
import { virtualTiming } from "./virtual-timing.fixture.ts";

function failing(times: number, error: () => Error): { work: () => Promise<string>; calls: () => number } {
  let calls = 0;
  return {
    work: async () => {
      calls++;
      if (calls <= times) throw error();
      return "done";
    },
    calls: () => calls,
  };
}

test("[AC1] what may pass by itself is tried again, and the first success is the answer", async () => {
  const timing = virtualTiming({ hurry: true });
  for (const error of [
    () => new OfflineError("gone"),
    () => new ProblemError("unavailable"),
    () => new ProblemError("internal"),
  ]) {
    const { work, calls } = failing(3, error);
    assert.equal(await retry(work, { policy: endlessRetry, timing }), "done");
    assert.equal(calls(), 4);
  }
});

test("[AC1] what can't pass by itself is told at once", async () => {
  const timing = virtualTiming({ hurry: true });
  for (const error of [new ProblemError("not_found"), new ProblemError("quota_exceeded"), new TypeError("a bug")]) {
    const { work, calls } = failing(1, () => error);
    await assert.rejects(retry(work, { policy: endlessRetry, timing }), (thrown) => thrown === error);
    assert.equal(calls(), 1);
  }
  assert.deepEqual(timing.sleeps, []);
});

test("[AC2] the waits double from one second to a minute", async () => {
  const timing = virtualTiming({ hurry: true, random: () => 1 });
  const { work } = failing(9, () => new OfflineError("gone"));
  await retry(work, { policy: endlessRetry, timing });
  assert.deepEqual(timing.sleeps, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test("[AC2] a wait is never negative, nor over its cap", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const waitMs = backoffMs(attempt, random, undefined);
      assert.ok(waitMs >= 0 && waitMs <= maxBackoffMs);
    }),
  );
});

test("[AC3] Retry-After is a lower bound, with up to a second of spread", () => {
  assert.equal(backoffMs(1, 0, 7), 7000);
  assert.equal(backoffMs(9, 1, 7), 8000);
  assert.equal(backoffMs(1, 0, 1_000_000), 3_600_000);
});

test("[AC3] a problem and a gateway can both say how long to wait", async () => {
  const timing = virtualTiming({ hurry: true, random: () => 0 });
  const errors = [
    new ProblemError("too_many_requests", "slowly", { retryAfterSeconds: 3 }),
    new OfflineError("gone", { retryAfterSeconds: 5 }),
  ];
  await retry(
    async () => {
      const error = errors.shift();
      if (error) throw error;
    },
    { policy: endlessRetry, timing },
  );
  assert.deepEqual(timing.sleeps, [3000, 5000]);
});

test("[AC4] a command gives up after its attempts, with the last error", async () => {
  const timing = virtualTiming({ hurry: true });
  let n = 0;
  const work = async (): Promise<never> => {
    throw new OfflineError(`failure ${++n}`);
  };
  await assert.rejects(retry(work, { policy: foregroundRetry, timing }), new OfflineError("failure 4"));
  await assert.rejects(retry(work, { policy: noRetry, timing }), new OfflineError("failure 5"));
});

test("[AC4] a command does not sit out a long Retry-After", async () => {
  const timing = virtualTiming({ hurry: true });
  const { work, calls } = failing(1, () => new ProblemError("unavailable", "later", { retryAfterSeconds: 120 }));
  await assert.rejects(retry(work, { policy: foregroundRetry, timing }), { code: "unavailable", message: "later" });
  assert.equal(calls(), 1);
});

test("[AC5] an aborted signal ends the waiting with its reason", async () => {
  const timing = virtualTiming();
  const ending = new AbortController();
  const { work, calls } = failing(100, () => new OfflineError("gone"));
  const running = retry(work, { policy: endlessRetry, timing, signal: ending.signal });
  await timing.advance(0);
  ending.abort(new Error("stopped"));
  await assert.rejects(running, new Error("stopped"));
  assert.equal(calls(), 1);
});

test("each wait is announced with its error, before it begins", async () => {
  const timing = virtualTiming({ hurry: true, random: () => 1 });
  const notices: string[] = [];
  const { work } = failing(2, () => new OfflineError("gone"));
  await retry(work, {
    policy: endlessRetry,
    timing,
    onRetry: ({ error, attempt, waitMs }) =>
      notices.push(`${String(error)} ${attempt} ${waitMs} ${timing.sleeps.length}`),
  });
  assert.deepEqual(notices, ["OfflineError: gone 1 1000 0", "OfflineError: gone 2 2000 1"]);
});
