import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import fc from "fast-check";
import type { AttemptStore } from "../../../storage/metadata/attempt-store.ts";
import type { MetadataStore } from "../../../storage/metadata/metadata-store.ts";
import { openInThreadMetadataStore } from "../../../storage/metadata/sqlite/open-in-thread.ts";
import { createAttemptLimiter, type Attempt, type AttemptLimiter } from "./attempt-limiter.ts";

const ann = (network: string, isKnown = false): Attempt => ({ subject: "ann", network, isKnown });

let metadata: MetadataStore;
before(async () => {
  metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
});
after(() => metadata.close());

/** One that knows nothing yet: whatever it counts has names of its own. */
function newLimiter(nowMs: () => number = () => 0): AttemptLimiter {
  return limiterOf(randomBytes(32), nowMs);
}

const limiterOf = (key: Uint8Array, nowMs: () => number): AttemptLimiter =>
  createAttemptLimiter({ store: metadata.attempts, key, realm: "sign_in", nowMs });

/** Seconds to wait before the attempt may be made; 0 when it was made (and failed). */
async function fail(limiter: AttemptLimiter, attempt: Attempt): Promise<number> {
  try {
    await limiter.begin(attempt);
    return 0;
  } catch (error) {
    assert.ok(error instanceof ProblemError && error.code === "too_many_requests");
    return error.retryAfterSeconds ?? assert.fail();
  }
}

/** How many of the attempts were made. */
async function madeOf(limiter: AttemptLimiter, attempts: readonly Attempt[]): Promise<number> {
  let made = 0;
  for (const attempt of attempts) if ((await fail(limiter, attempt)) === 0) made += 1;
  return made;
}

test("[ID11] after five wrong attempts each further one doubles the wait, up to 15 minutes", async () => {
  let now = 0;
  const limiter = newLimiter(() => now);
  for (let i = 0; i < 5; i++) assert.equal(await fail(limiter, ann("a")), 0);
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    const wait = await fail(limiter, ann("a"));
    waits.push(wait);
    now += wait * 1000;
    assert.equal(await fail(limiter, ann("a")), 0);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  now += 3_600_001;
  assert.equal(await fail(limiter, ann("a")), 0);
});

test("[ID11] what a right attempt proves is forgotten of the wrong ones before it", async () => {
  const limiter = newLimiter();
  for (let i = 0; i < 20; i++) {
    assert.equal(await fail(limiter, ann("a")), 0);
    await limiter.begin(ann("a"));
    await limiter.succeeded(ann("a"), null);
  }
});

test("[ID11] attempts at the same time don't slip through", async () => {
  const limiter = newLimiter();
  const waits = await Promise.all(Array.from({ length: 100 }, () => fail(limiter, ann("a"))));
  assert.equal(waits.filter((wait) => wait === 0).length, 5);
});

test("[ID11] a restart forgets nothing, and servers count together", async () => {
  const key = randomBytes(32);
  const [one, other] = [limiterOf(key, () => 0), limiterOf(key, () => 0)];
  assert.equal(await madeOf(one, [ann("a"), ann("a"), ann("a")]), 3);
  assert.equal(await madeOf(other, [ann("a"), ann("a"), ann("a")]), 2);
  const links = createAttemptLimiter({ store: metadata.attempts, key, realm: "links", nowMs: () => 0 });
  assert.equal(await fail(links, ann("a")), 0);
});

test("[ID11] what was typed, and from where, is told to no database", async () => {
  const told: unknown[] = [];
  const { count, takeBack, isKnown } = metadata.attempts;
  const store: AttemptStore = {
    count: (request) => (told.push(request), count(request)),
    takeBack: (request) => (told.push(request), takeBack(request)),
    isKnown: (network) => (told.push(network), isKnown(network)),
  };
  const limiter = createAttemptLimiter({ store, key: randomBytes(32), realm: "sign_in", nowMs: () => 0 });
  const attempt = { subject: "name mistyped-password", network: "192.0.2.77", isKnown: false };
  await limiter.begin(attempt);
  await limiter.succeeded(attempt, null);
  await limiter.ration("mail eve@example.org");
  assert.equal(told.length, 5);
  assert.doesNotMatch(JSON.stringify(told), /mistyped|192\.0|eve/);
});

test("[ID12] one network can't try many accounts, nor many networks one account", async () => {
  const limiter = newLimiter();
  const sprayed = Array.from({ length: 100 }, (_, i) => ({ ...ann("a"), subject: `user ${i}` }));
  assert.equal(await madeOf(limiter, sprayed), 30);
  const spread = Array.from({ length: 300 }, (_, i) => ann(`network ${i}`));
  assert.equal(await madeOf(limiter, spread), 100);
});

test("[ID12] whatever strangers do, whoever was in the account before gets a try at once from there", async () => {
  const attempts = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 20_000 })), {
    maxLength: 400,
  });
  await fc.assert(
    fc.asyncProperty(attempts, async (made) => {
      let now = 0;
      const limiter = newLimiter(() => now);
      await limiter.begin(ann("home"));
      await limiter.succeeded(ann("home"), null);
      for (const [network, waitMs] of made) {
        now += waitMs;
        await fail(limiter, ann(`stranger ${network}`));
      }
      assert.equal(await fail(limiter, ann("home")), 0);
      // With the mark in the browser, also from a network that others misuse.
      for (let i = 0; i < 40; i++) await fail(limiter, { ...ann("café"), subject: `user ${i}` });
      for (let i = 0; i < 10; i++) await fail(limiter, ann("café"));
      assert.equal(await fail(limiter, ann("café", true)), 0);
    }),
    { numRuns: 25 },
  );
});
