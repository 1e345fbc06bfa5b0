import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState } from "@codemirror/state";
import fc from "fast-check";
import * as Y from "yjs";
import { wholeEdits } from "./whole-edits.ts";

/** The change from one text to another as editors find it: without what both begin and end with, half characters among it. */
function changeBetween(before: string, after: string) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

test("[W33] a character of two halves is never torn in the shared text, whichever half was replaced", () => {
  const words = fc.array(fc.constantFrom("😀", "😁", "🤀", "a", "\n"), { maxLength: 8 }).map((all) => all.join(""));
  fc.assert(
    fc.property(words, words, (before, after) => {
      const text = new Y.Doc().getText("text");
      text.insert(0, before);
      const state = EditorState.create({ doc: before });
      const { changes } = state.update({ changes: changeBetween(before, after) });
      for (const { at, remove, insert } of wholeEdits(changes, state.doc)) {
        text.delete(at, remove);
        text.insert(at, insert);
      }
      assert.equal(text.toJSON(), after);
    }),
  );
});

test("[W33] several changes at once are carried out one after the other", () => {
  const state = EditorState.create({ doc: "😀 and 😀" });
  const low = "😁".slice(1);
  const changes = [
    { from: 1, to: 2, insert: low },
    { from: 3, insert: "x" },
    { from: 8, to: 9, insert: low },
  ];
  const transaction = state.update({ changes });
  let words = state.doc.toString();
  for (const { at, remove, insert } of wholeEdits(transaction.changes, state.doc)) {
    assert.ok(insert.isWellFormed());
    words = words.slice(0, at) + insert + words.slice(at + remove);
  }
  assert.equal(words, "😁 xand 😁");
  assert.equal(words, transaction.newDoc.toString());
});
