import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { SharedText } from "../live/shared-text.ts";
import { passageAt, placesOf, spanOf } from "./passage-places.ts";

function shared(words: string, session: string, from?: SharedText): SharedText {
  const text = new SharedText(() => undefined);
  text.session = session;
  if (from) text.take(Y.encodeStateAsUpdate(from.document));
  else text.text.insert(0, words);
  return text;
}

function wordsOf(text: SharedText, passage: ReturnType<typeof passageAt>): string | undefined {
  const places = placesOf(text, passage);
  const span = places && spanOf(text.text, places);
  return span && text.words.slice(span.start, span.end);
}

test("[CM5] a passage is where its words are, on every page of the session and whatever is typed", () => {
  const ann = shared("one two three", "one");
  const passage = passageAt(ann, { start: 4, end: 7 });
  const ben = shared("", "one", ann);
  ben.text.insert(5, "—");
  ben.text.insert(0, "zero ");
  assert.equal(wordsOf(ben, passage), "t—wo");
  ben.text.delete(9, 4);
  assert.equal(wordsOf(ben, passage), undefined);
  assert.equal(wordsOf(shared("zero one two three", "another"), passage), "two");
});

test("[CM5] what is no place in the session's text is found by how it reads", () => {
  const text = shared("one two three", "one");
  const passage = passageAt(text, { start: 4, end: 7 });
  const named = btoa("\x01\x03own\0");
  for (const wrong of ["", "!", "////", "AAAA", "Aw==", "AwAA", named]) {
    const claimed = { ...passage, anchor: { session: "one", start: wrong, end: wrong } };
    assert.equal(wordsOf(text, claimed), "two", wrong);
  }
  assert.deepEqual([...text.document.share.keys()], ["text"]);
});
