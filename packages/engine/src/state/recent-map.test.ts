import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RecentMap } from "./recent-map.ts";

test("what is asked for again and again stays, however much else comes and goes", () => {
  const map = new RecentMap<number, string>(10);
  map.set(-1, "kept");
  for (let n = 0; n < 100; n += 1) {
    map.set(n, "passing");
    assert.equal(map.get(-1), "kept");
  }
  assert.equal(map.get(0), undefined);
  assert.equal(map.get(99), "passing");
});

test("what it tells is what was last set, or nothing; what was deleted is never told; null is a value", () => {
  const step = fc.record({
    key: fc.nat(8),
    what: fc.constantFrom("set", "get", "delete"),
    value: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const map = new RecentMap<number, number | null>(4);
      const truth = new Map<number, number | null>();
      for (const { key, what, value } of steps) {
        if (what === "set") {
          map.set(key, value);
          truth.set(key, value);
          assert.equal(map.get(key), value);
        } else if (what === "delete") {
          map.delete(key);
          truth.delete(key);
          assert.equal(map.get(key), undefined);
        } else {
          const told = map.get(key);
          if (told !== undefined) assert.equal(told, truth.get(key));
        }
      }
      assert.ok([...truth.keys()].filter((key) => map.get(key) !== undefined).length <= 4);
    }),
  );
});
