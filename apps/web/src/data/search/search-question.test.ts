import assert from "node:assert/strict";
import { test } from "node:test";
import { isAsking, readQuestion, wishOf, writeQuestion } from "./search-question.ts";

test("[W30] a question survives the page's address, and what an address makes up is left out", () => {
  const question = readQuestion("q=a+b&kind=image&modified=week&size=huge&whose=shared&where=docs%2F2026");
  assert.deepEqual(readQuestion(writeQuestion(question)), question);
  const strange = readQuestion("kind=constructor&size=__proto__&modified=never&whose=1");
  assert.equal(writeQuestion(strange), "");
});

test("[W30] words or a filter ask something; signs that no name is found by, and a folder alone, don't", () => {
  for (const query of ["q=a", "q=%E6%9D%B1", "kind=image", "q=%20&whose=mine"])
    assert.ok(isAsking(readQuestion(query)), query);
  for (const query of ["", "q=%20", "q=--", "q=--&kind=image", "where=docs"])
    assert.ok(!isAsking(readQuestion(query)), query);
});

test("[W30] choices become what the server is asked", () => {
  const now = Date.UTC(2026, 0, 31, 12, 0, 30);
  const wish = wishOf(readQuestion("q=a&kind=document&modified=day&size=medium&whose=mine"), undefined, now);
  assert.deepEqual(wish.kinds, ["document", "text"]);
  assert.deepEqual([wish.minSizeBytes, wish.maxSizeBytes, wish.shared], [100_000, 10_000_000, false]);
  assert.deepEqual([wish.modifiedAfter, wish.modifiedBefore], ["2026-01-30T12:00:00.000Z", undefined]);
  assert.equal(wishOf(readQuestion("modified=older"), undefined, now).modifiedBefore, "2025-01-31T12:00:00.000Z");
});
