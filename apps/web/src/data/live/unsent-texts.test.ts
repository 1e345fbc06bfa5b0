import assert from "node:assert/strict";
import { test } from "node:test";
import { maxUnsent, unsentTexts } from "./unsent-texts.ts";

test("[WB43] texts with unsent words wait to be asked about, one after the other, and only so many", () => {
  let changes = 0;
  const stop = unsentTexts.watch(() => (changes += 1));
  assert.equal(unsentTexts.first(), undefined);
  const texts = Array.from({ length: maxUnsent + 1 }, (_, nth) => ({ name: `${nth}.txt`, words: "typed" }));
  for (const text of texts) unsentTexts.keep(text);
  assert.equal(changes, texts.length);
  for (const text of texts.slice(1)) {
    assert.equal(unsentTexts.first(), text);
    unsentTexts.next();
  }
  assert.equal(unsentTexts.first(), undefined);
  stop();
  unsentTexts.next();
  assert.equal(changes, texts.length + maxUnsent);
});
