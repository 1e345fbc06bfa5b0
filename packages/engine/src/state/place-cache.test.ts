import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { EntryId } from "@satchel/protocol";
import { PlaceCache } from "./place-cache.ts";

const [folder, other] = ["a", "b"] as EntryId[] as [EntryId, EntryId];

test("a name is found in the folder that it was put in, and in no other", () => {
  const cache = new PlaceCache<number>(10);
  cache.set(folder, "x", 1);
  cache.set(other, "x", 2);
  assert.deepEqual([cache.get(folder, "x"), cache.get(other, "x"), cache.get(folder, "y")], [1, 2, undefined]);
  cache.delete(folder, "x");
  assert.deepEqual([cache.get(folder, "x"), cache.get(other, "x")], [undefined, 2]);
  cache.clear();
  assert.equal(cache.get(other, "x"), undefined);
});

test("what is asked for again and again stays, and the rest goes when there is too much", () => {
  const cache = new PlaceCache<number>(10);
  cache.set(folder, "kept", 0);
  for (let at = 0; at < 100; at += 1) {
    cache.set(other, `name ${at}`, at);
    assert.equal(cache.get(folder, "kept"), 0);
  }
  const left = Array.from({ length: 100 }, (_, at) => cache.get(other, `name ${at}`)).filter((at) => at !== undefined);
  assert.ok(left.length <= 10);
  assert.equal(left.at(-1), 99);
});

test("it never tells anything but what was put there last", () => {
  const name = fc.constantFrom("x", "y", "z", "constructor", "__proto__");
  const step = fc.record({ folderId: fc.constantFrom(folder, other), name, value: fc.option(fc.integer()) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (steps, maxEntries) => {
      const cache = new PlaceCache<number>(maxEntries);
      const truth = new Map<string, number>();
      for (const { folderId, name: at, value } of steps) {
        if (value === null) cache.delete(folderId, at);
        else cache.set(folderId, at, value);
        if (value === null) truth.delete(`${folderId}/${at}`);
        else truth.set(`${folderId}/${at}`, value);
        for (const id of [folder, other]) {
          const told = cache.get(id, at);
          assert.ok(told === undefined || told === truth.get(`${id}/${at}`));
        }
      }
    }),
  );
});
