import assert from "node:assert/strict";
import { test } from "node:test";
import { describePassage, type EntryId, type Passage } from "@satchel/protocol";
import fc from "fast-check";
import * as Y from "yjs";
import { openDocument, stateOf, weave } from "../live/live-text.ts";
import { anchorOf, followPassage, followPassages, spanOf } from "./follow-passages.ts";
import { sealPassage } from "./sealed-comment.ts";

function begin(words: string): { document: Y.Doc; text: Y.Text; about: (quote: string) => Passage } {
  const document = new Y.Doc();
  const text = document.getText("text");
  text.insert(0, words);
  return {
    document,
    text,
    about(quote) {
      const start = words.indexOf(quote);
      const span = { start, end: start + quote.length };
      return { ...describePassage(words, span), anchor: { session: "one", ...anchorOf(text, span) } };
    },
  };
}

test("[CM5] a passage stays with its words, whatever is typed before, within and beside it", () => {
  const { text, about } = begin("one two three");
  const passage = about("two");
  text.insert(0, "zero ");
  text.insert(text.toJSON().indexOf("two"), "<");
  text.insert(text.toJSON().indexOf("two") + 3, ">");
  text.insert(text.toJSON().indexOf("two") + 1, "-");
  const now = followPassage(passage, { session: "one", text });
  assert.deepEqual(now, { quote: "t-wo", before: "zero one <", after: "> three", anchor: passage.anchor });
  assert.equal(now && followPassage(now, { session: "one", text }), undefined);
});

test("[CM5] a passage whose words are deleted stays as it was last, and is there again with them", () => {
  const { text, about } = begin("one two three, four");
  const passage = about("two three");
  text.delete(4, 9);
  assert.equal(followPassage(passage, { session: "one", text }), undefined);
  text.insert(4, "two three");
  const back = followPassage(passage, { session: "one", text });
  assert.equal(back?.quote, "two three");
  assert.deepEqual(back.anchor && spanOf(text, back.anchor), { start: 4, end: 13 });
});

test("[CM5] in another session a passage is found by how it reads, and has its place there from then on", () => {
  const { about } = begin("one two three");
  const other = begin("zero one two three");
  const now = followPassage(about("two"), { session: "two", text: other.text });
  assert.deepEqual(now && { quote: now.quote, session: now.anchor?.session }, { quote: "two", session: "two" });
  other.text.delete(0, 9);
  other.text.insert(3, "!");
  assert.equal(now && followPassage(now, { session: "two", text: other.text })?.after, "! three");
});

test("[CM5] a save from a device moves a passage as it moves the words", () => {
  const { document, text, about } = begin("# Plan\n\nBuy apples and pears.\n");
  const passage = about("apples");
  const { update } = weave(stateOf(document), "# The plan\n\nToday: buy apples, plums and pears.\n", "save");
  Y.applyUpdate(document, update);
  const now = followPassage(passage, { session: "one", text });
  assert.deepEqual(now && [now.quote, now.after], ["apples", ", plums and pears.\n"]);
});

test("[CM5] what is no place in the text is passed over, whoever said so", () => {
  const { document, text } = begin("one two three");
  const found = { quote: "two", before: "one ", after: " three" };
  const named = Buffer.from("\x01\x03own\0").toString("base64");
  for (const wrong of [
    "",
    "AAAA",
    "Aw==",
    "AwAA",
    named,
    "//////////8=",
    Buffer.from("x".repeat(50)).toString("base64"),
  ]) {
    const passage = { ...found, anchor: { session: "one", start: wrong, end: wrong } };
    assert.equal(followPassage(passage, { session: "one", text })?.quote, "two", wrong);
  }
  assert.deepEqual([...document.share.keys()], ["text"]);
});

test("[CM5] passages that take too long to be found stay as they were, and hold nobody up", async () => {
  const { text, about } = begin("one two three");
  const key = new Uint8Array(32).fill(5);
  const quoted = (id: string, quote: string) => ({
    id,
    threadId: id,
    accountId: null,
    author: null,
    sealedText: null,
    sealedPassage: sealPassage(key, id, about(quote)),
    isResolved: false,
    resolvedBy: null,
    atMs: 1,
  });
  const put: string[] = [];
  const store = {
    list: async () => [quoted("a", "one two"), quoted("b", "three"), quoted("c", "two three")],
    putPassages: async (_: EntryId, passages: readonly { readonly threadId: string }[]) =>
      void put.push(...passages.map(({ threadId }) => threadId)),
  };
  let now = 0;
  const nowMs = (): number => (now += 150);
  await followPassages({ store, key, nowMs }, "file" as EntryId, { session: "two", text });
  assert.deepEqual(put, ["a", "b"]);
});

test("[CM5] of edits elsewhere a passage sees nothing, however many there are", () => {
  const edit = fc.record({
    isBefore: fc.boolean(),
    at: fc.nat(),
    words: fc.string({ maxLength: 5 }),
    remove: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
      const { document, about } = begin("before the words [passage] behind the words");
      const passage = about("[passage]");
      // As the server has it after a restart.
      const copy = openDocument(stateOf(document)).getText("text");
      for (const { isBefore, at, words, remove } of edits) {
        const start = copy.toJSON().indexOf("[passage]");
        const [from, to] = isBefore ? [0, start] : [start + 9, copy.length];
        const place = from + (at % (to - from + 1));
        copy.delete(place, Math.min(remove, to - place));
        copy.insert(place, words.replaceAll(/[[\]]/g, ""));
      }
      const span = passage.anchor && spanOf(copy, passage.anchor);
      assert.equal(span && copy.toJSON().slice(span.start, span.end), "[passage]");
    }),
  );
});
