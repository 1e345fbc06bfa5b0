import assert from "node:assert/strict";
import { test } from "node:test";
import { draftMerge, isOpen, textOfChoices, type PieceChoice } from "./merge-draft.ts";

const base = "one\ntwo\nthree\nfour\nfive\n";

function chosen(pieces: ReturnType<typeof draftMerge>, ...choices: PieceChoice[]): string | undefined {
  const open = pieces.flatMap((piece, place) => (isOpen(piece) ? [place] : []));
  return textOfChoices(pieces, new Map(choices.map((choice, nth) => [open[nth] ?? -1, choice])));
}

test("[WB14] what only one side changed is settled, and each piece that both changed is chosen by itself", () => {
  const mine = "one\ntwo\nthree of mine\nfour\nfive of mine\n";
  const theirs = "one of theirs\ntwo\nthree of theirs\nfour\nfive\n";
  const pieces = draftMerge("a.ts", { base, mine, theirs });
  assert.equal(pieces.filter(isOpen).length, 1);
  assert.equal(chosen(pieces), undefined);
  assert.equal(chosen(pieces, "mine"), "one of theirs\ntwo\nthree of mine\nfour\nfive of mine\n");
  assert.equal(chosen(pieces, "theirs"), "one of theirs\ntwo\nthree of theirs\nfour\nfive of mine\n");
  assert.equal(chosen(pieces, "both"), "one of theirs\ntwo\nthree of theirs\nthree of mine\nfour\nfive of mine\n");
});

test("[WB14] without a base every difference is a choice, and choosing one side throughout gives that side", () => {
  const [mine, theirs] = ["a\nb\nc\nd\n", "a\nx\nc\ny\nz\n"];
  const pieces = draftMerge("a.txt", { base: undefined, mine, theirs });
  assert.equal(pieces.filter(isOpen).length, 2);
  assert.equal(chosen(pieces, "mine", "mine"), mine);
  assert.equal(chosen(pieces, "theirs", "theirs"), theirs);
  assert.equal(chosen(pieces, "theirs"), undefined);
});

test("[WB14] a JSON file in conflict is chosen by lines, one that merges is settled, and a last line without an end is no half of another", () => {
  const json = (a: number, b: number) => `{\n  "a": ${a},\n  "x": 0,\n  "b": ${b}\n}\n`;
  const clash = draftMerge("a.json", { base: json(1, 1), mine: json(2, 3), theirs: json(4, 1) });
  assert.equal(chosen(clash, "mine"), json(2, 3));
  assert.equal(chosen(clash, "theirs"), json(4, 3));
  assert.deepEqual(draftMerge("a.json", { base: json(1, 1), mine: json(2, 1), theirs: json(1, 2) }), [
    { text: json(2, 2), from: "both" },
  ]);
  assert.equal(chosen(draftMerge("a", { base: undefined, mine: "m", theirs: "t" }), "both"), "t\nm");
});
