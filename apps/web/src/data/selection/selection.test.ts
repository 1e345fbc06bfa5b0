import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { keepExisting, move, nothingSelected, select, selectAll, type Selection } from "./selection.ts";

const order = ["a", "b", "c", "d", "e"];
const names = (selection: Selection<string>): string => [...selection.selected].toSorted().join("");
const at = (id: string): Selection<string> => select(nothingSelected<string>(), id, "alone", order);

test("[WB4] a click selects one, Ctrl adds and removes, Shift takes everything in between", () => {
  assert.equal(names(at("b")), "b");
  const two = select(at("b"), "d", "toggle", order);
  assert.equal(names(two), "bd");
  assert.equal(names(select(two, "b", "toggle", order)), "d");
  assert.equal(names(select(at("d"), "b", "range", order)), "bcd");
  assert.equal(names(select(select(at("b"), "e", "range", order), "c", "range", order)), "bc");
});

test("[WB4] keys and clicks give equal selections, and stop at the ends", () => {
  fc.assert(
    fc.property(fc.nat(4), fc.integer({ min: -9, max: 9 }), (from, steps) => {
      const start = at(order[from] ?? "");
      const end = order[Math.max(0, Math.min(4, from + steps))] ?? "";
      assert.deepEqual(move(start, steps, "range", order), select(start, end, "range", order));
      assert.deepEqual(move(start, steps, "alone", order), select(start, end, "alone", order));
    }),
  );
  assert.equal(move(nothingSelected<string>(), 1, "alone", order).focus, "a");
  assert.equal(move(nothingSelected<string>(), -1, "alone", order).focus, "e");
});

test("[WB4] when selected entries vanish, the keyboard stays beside where it was", () => {
  const range = select(at("b"), "d", "range", order);
  const after = keepExisting(range, ["a", "c", "e"], order);
  assert.equal(names(after), "c");
  assert.equal(after.focus, "e");
  assert.equal(keepExisting(at("e"), ["a", "b"], order).focus, "b");
  assert.equal(keepExisting(range, order, order), range);
});

test("[WB4] everything can be selected at once", () => {
  assert.equal(names(selectAll(nothingSelected<string>(), order)), "abcde");
});
