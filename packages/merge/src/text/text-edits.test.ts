import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { textEdits } from "./text-edits.ts";

function carryOut(before: string, after: string): string {
  let text = before;
  for (const { at, remove, insert } of textEdits(before, after).toReversed())
    text = text.slice(0, at) + insert + text.slice(at + remove);
  return text;
}

test("[MG17] edits make the text after of the text before", () => {
  const words = fc
    .array(fc.constantFrom("one", "two", "three", " ", " ", "\n", "\r\n", "😀", ".", "é"), { maxLength: 60 })
    .map((all) => all.join(""));
  fc.assert(fc.property(words, words, (before, after) => assert.equal(carryOut(before, after), after)));
});

test("[MG17] whole words are put in and taken out", () => {
  assert.deepEqual(textEdits("a cat sat\nb\n", "a dog sat\nb\nc\n"), [
    { at: 2, remove: 3, insert: "dog" },
    { at: 12, remove: 0, insert: "c\n" },
  ]);
  assert.deepEqual(textEdits("same", "same"), []);
});

test("[MG17] of texts that are too different the part that differs is replaced, and no character is torn", () => {
  const lines = (name: string) => Array.from({ length: 9000 }, (_, nth) => `${name}${nth}😀`).join("\n");
  const [before, after] = [`start 😀${lines("a")}`, `start 😁${lines("b")}`];
  assert.equal(textEdits(before, after).length, 1);
  assert.equal(carryOut(before, after), after);
  for (const { insert } of textEdits(before, after)) assert.ok(insert.isWellFormed());
});
