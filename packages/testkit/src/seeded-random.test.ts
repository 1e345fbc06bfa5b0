import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "./seeded-random.ts";

test("[TK3] the same seed makes the same choices, on every machine and in every release", () => {
  const random = seededRandom(42);
  assert.deepEqual([random.uint32(), random.uint32(), random.uint32()], [3861719450, 2653142579, 316419613]);
  assert.equal(Buffer.from(seededRandom("golden").bytes(7)).toString("hex"), "495f8c1353ecd1");
});

test("[TK3] different seeds and forks make different choices", () => {
  const draws = [1, 2, "1/a", "x"].map((seed) => seededRandom(seed).uint32());
  assert.equal(new Set(draws).size, draws.length);
  assert.notEqual(seededRandom(1).fork("a").uint32(), seededRandom(1).fork("b").uint32());
});

test("[TK3] a fork does not depend on what was drawn before it", () => {
  const drawn = seededRandom(1);
  drawn.uint32();
  assert.equal(drawn.fork("disk").uint32(), seededRandom(1).fork("disk").uint32());
});

test("[TK4] numbers below a bound reach every value about equally often", () => {
  const random = seededRandom("dice");
  const counts = [0, 0, 0, 0, 0, 0];
  for (let roll = 0; roll < 6000; roll += 1) {
    const face = random.below(6);
    counts[face] = (counts[face] as number) + 1;
  }
  for (const count of counts) assert.ok(count > 850 && count < 1150, counts.join());
});

test("[TK4] a bound that no number is below is refused", () => {
  for (const bound of [0, -1, 1.5, NaN, 2 ** 32 + 1]) assert.throws(() => seededRandom(1).below(bound), RangeError);
  assert.throws(() => seededRandom(1).pick([]), RangeError);
  assert.equal(seededRandom(1).below(1), 0);
});

test("[TK4] floats stay in [0, 1), and chances of 0 and 1 are certain", () => {
  const random = seededRandom(7);
  for (let draw = 0; draw < 1000; draw += 1) {
    const value = random.float();
    assert.ok(value >= 0 && value < 1);
    assert.equal(random.chance(0), false);
    assert.equal(random.chance(1), true);
  }
});

test("[TK4] shuffling keeps every item and leaves the given list alone", () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = seededRandom(3).shuffle(items);
  assert.notDeepEqual(shuffled, items);
  assert.deepEqual(
    shuffled.toSorted((a, b) => a - b),
    items,
  );
  assert.deepEqual(items, [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("[TK4] bytes come in the length that was asked for", () => {
  for (const length of [0, 1, 3, 4, 5, 1000]) assert.equal(seededRandom(1).bytes(length).length, length);
});
