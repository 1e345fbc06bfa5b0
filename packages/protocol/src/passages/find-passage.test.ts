import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maxContextLength, maxQuoteLength } from "../messages/comments.ts";
import { describePassage, findPassage } from "./find-passage.ts";

test("[CM5] a passage is found again by how it reads, wherever it went", () => {
  const text = "one apple, two pears, three plums";
  const start = text.indexOf("two pears");
  const passage = describePassage(text, { start, end: start + 9 });
  assert.deepEqual(passage, { quote: "two pears", before: "one apple, ", after: ", three plums" });
  const moved = "zero\none apple, two pears, four figs";
  assert.deepEqual(findPassage(moved, passage), { start: 16, end: 25 });
});

test("[CM5] of words that are there several times, those are meant whose surroundings are most like", () => {
  const text = "- [ ] wash\n- [ ] cook\n- [ ] wash up\n";
  const second = text.lastIndexOf("wash");
  const passage = describePassage(text, { start: second, end: second + 4 });
  assert.equal(findPassage(`more\n${text}`, passage)?.start, second + 5);
});

test("[CM5] words that are no more are not found, and short ones not without their surroundings", () => {
  const text = "a cat sat";
  const passage = describePassage(text, { start: 2, end: 5 });
  assert.equal(findPassage("a dog sat", passage), undefined);
  assert.equal(findPassage("concatenate", passage), undefined);
  assert.deepEqual(findPassage("cat", describePassage("cat", { start: 0, end: 3 })), { start: 0, end: 3 });
});

test("[CM5] a passage is found where it was described, however often its words are there, unless its surroundings are, too", () => {
  const word = fc.constantFrom("a", "b", " ", "\n", "ab");
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 80 }), fc.nat(), fc.nat(), (words, from, length) => {
      const text = words.join("");
      const start = from % text.length;
      const end = Math.min(text.length, start + 1 + (length % 9));
      const passage = describePassage(text, { start, end });
      const found = findPassage(text, passage);
      if (!found) return assert.equal(passage.before.length + passage.after.length, 0);
      // What reads the same all around is as good.
      assert.equal(text.slice(found.start, found.end), passage.quote);
      assert.ok(text.slice(0, found.start).endsWith(passage.before));
      assert.ok(text.slice(found.end).startsWith(passage.after));
    }),
  );
});

test("[CM5] of a long passage the beginning is kept", () => {
  const text = "x".repeat(200) + "y".repeat(2000);
  const { quote, before, after } = describePassage(text, { start: 200, end: 2200 });
  assert.deepEqual(
    [quote.length, before, after],
    [maxQuoteLength, "x".repeat(maxContextLength), "y".repeat(maxContextLength)],
  );
});
