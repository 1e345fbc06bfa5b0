import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { AttemptCounter } from "../attempt-store.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { makeAccount } from "./sign-in.contract.ts";

const unique = () => randomBytes(8).toString("hex");
const counter = (change: Partial<AttemptCounter> = {}): AttemptCounter => ({
  key: unique(),
  free: 2,
  firstWaitMs: 1000,
  maxWaitMs: 3000,
  ...change,
});
const dayMs = 24 * 3600 * 1000;

/** Rules of counting attempts. */
export function attemptsContract(getStore: () => MetadataStore): void {
  const count = (counters: readonly AttemptCounter[], nowMs: number) =>
    getStore().attempts.count({ counters, forgetAfterMs: 10_000, nowMs });
  const network = () => ({ key: unique(), accountId: null });

  test("[ID11] failures are counted until one has to wait, ever longer, and are forgotten after a while", async () => {
    const one = counter();
    const answers: number[] = [];
    for (const nowMs of [0, 0, 0, 999, 1000, 1001, 3000, 5999, 6000, 16_001]) answers.push(await count([one], nowMs));
    assert.deepEqual(answers, [0, 0, 1000, 1, 0, 1999, 0, 1, 0, 0]);
    assert.deepEqual([await count([one], 16_001), await count([one], 16_001)], [0, 1000]);
  });

  test("[ID11] of many attempts at once, through whichever process, none slips through", async () => {
    const [own, shared] = [counter({ free: 5 }), counter({ free: 7 })];
    const many = (counters: readonly AttemptCounter[]) => Array.from({ length: 20 }, () => count(counters, 0));
    const waits = await Promise.all(many([own, shared]));
    assert.equal(waits.filter((waitMs) => waitMs === 0).length, 5);
    const others = await Promise.all(many([shared, counter({ free: 100 })]));
    assert.equal(others.filter((waitMs) => waitMs === 0).length, 2);
  });

  test("[ID11] what was no failure is taken back: one counter is empty, another has one less", async () => {
    const { attempts } = getStore();
    const [pair, shared] = [counter(), counter()];
    assert.deepEqual([await count([pair, shared], 0), await count([pair, shared], 0)], [0, 0]);
    await attempts.takeBack({ clear: [pair.key], lessen: [shared.key], network: network(), nowMs: 0 });
    assert.deepEqual([await count([pair], 0), await count([pair], 0), await count([pair], 0)], [0, 0, 1000]);
    assert.deepEqual([await count([shared], 0), await count([shared], 0)], [0, 1000]);
  });

  test("[ID12] a network is known until 90 days after it was last, the latest 100 of an account, and no longer than the account", async () => {
    const { attempts, maintenance, privacy } = getStore();
    const { id } = await makeAccount(getStore());
    const tell = (key: string, accountId: typeof id | null, nowMs: number) =>
      attempts.takeBack({ clear: [], lessen: [], network: { key, accountId }, nowMs });
    const ofNobody = unique();
    await tell(ofNobody, null, 5);
    const keys = Array.from({ length: 102 }, unique);
    for (const [index, key] of keys.entries()) await tell(key, id, 10 + index);
    const known = async (key: string) => await attempts.isKnown(key);
    assert.deepEqual(await Promise.all(keys.slice(0, 3).map(known)), [false, false, true]);
    assert.equal(await attempts.isKnown(unique()), false);
    await maintenance.dropExpired({ nowMs: 90 * dayMs + 5, idempotencyBeforeMs: 0 });
    assert.deepEqual(await Promise.all([ofNobody, keys[2] ?? ""].map(known)), [false, true]);
    for (let isDone = false; !isDone;) isDone = await privacy.eraseStep(id, 10);
    assert.equal(await attempts.isKnown(keys[101] ?? ""), false);
  });
}
