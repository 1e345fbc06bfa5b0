import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mergeTexts, type TextVersions } from "./merge-texts.ts";
import { mergeRuleOf, type MergeRule } from "./merge-rule.ts";
import { isConflict } from "./sequence/piece.ts";

function merged(rule: MergeRule, versions: TextVersions): string {
  const result = mergeTexts(rule, versions);
  assert.equal(result.outcome, "merged", JSON.stringify(result));
  return result.outcome === "merged" ? result.text : "";
}

function assertConflict(rule: MergeRule, versions: TextVersions): void {
  assert.equal(mergeTexts(rule, versions).outcome, "conflict");
  const swapped = { ...versions, mine: versions.theirs, theirs: versions.mine };
  assert.equal(mergeTexts(rule, swapped).outcome, "conflict");
}

describe("the rule for a file", () => {
  it("follows from the name's extension, and lock files and unknown types have none [MG1]", () => {
    const names = [
      "a.md",
      "B.TXT",
      "x.ts",
      "data.json",
      "t.csv",
      "package-lock.json",
      "a.lock.yml",
      "photo.jpg",
      "README",
    ];
    assert.deepEqual(names.map(mergeRuleOf), [
      "prose",
      "prose",
      "lines",
      "json",
      "csv",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("merging texts", () => {
  it("takes different lines of two sides [MG4]", () => {
    const base = "one\ntwo\nthree\nfour\n";
    const versions = { base, mine: "ONE\ntwo\nthree\nfour\n", theirs: "one\ntwo\nthree\nfour\nfive\n" };
    assert.equal(merged("lines", versions), "ONE\ntwo\nthree\nfour\nfive\n");
  });

  it("takes different words of one line of prose, and not of code [MG5]", () => {
    const versions = { base: "the quick fox jumps", mine: "the slow fox jumps", theirs: "the quick fox sleeps" };
    assert.equal(merged("prose", versions), "the slow fox sleeps");
    assertConflict("lines", versions);
  });

  it("leaves it to people when both changed the same word, or added lines at one place [MG3]", () => {
    assertConflict("prose", { base: "a red house", mine: "a blue house", theirs: "a green house" });
    assertConflict("prose", { base: "list\n", mine: "list\nmilk\n", theirs: "list\nbread\n" });
  });

  it("does not double a passage that both sides moved [MG6]", () => {
    const lines = ["moved", "one", "two", "three", "four", "five", "six"];
    const [moved, ...rest] = lines.map((line) => `${line}\n`) as [string, ...string[]];
    const after = (count: number): string => [...rest.slice(0, count), moved, ...rest.slice(count)].join("");
    assertConflict("prose", { base: after(0), mine: after(3), theirs: after(6) });
  });

  it("does not bring back a word that one side deleted and the other moved [MG6]", () => {
    const rest = "\nbase4 base5\nbase6 base7 base8 base9\n";
    const [mine, theirs] = [` base2 base3${rest}`, ` w5 w6  base1  base3${rest}`];
    assertConflict("prose", { base: `base1 base2 base3${rest}`, mine, theirs });
    assertConflict("lines", { base: "a\nb\nc\nd\n", mine: "b\nc\nd\n", theirs: "b\nc\na\nd\n" });
  });

  it("keeps line ends and the byte order mark, and follows the side that changed them [MG8]", () => {
    const versions = { base: "\uFEFFa\r\nb\r\nc\r\n", mine: "\uFEFFA\r\nb\r\nc\r\n", theirs: "\uFEFFa\r\nb\r\nC\r\n" };
    assert.equal(merged("lines", versions), "\uFEFFA\r\nb\r\nC\r\n");
    assert.equal(
      merged("lines", { base: "a\nb\nc\n", mine: "A\nb\nc\n", theirs: "a\r\nb\r\nC\r\n" }),
      "A\r\nb\r\nC\r\n",
    );
    assert.equal(
      merged("lines", { base: "\uFEFFa\nb\nc\n", mine: "A\nb\nc\n", theirs: "\uFEFFa\nb\nC\n" }),
      "A\nb\nC\n",
    );
  });

  it("gives conflicts as pieces that hold all of each side [MG9]", () => {
    const versions = { base: "a\nb\nc\n", mine: "a\nB1\nc\nd\n", theirs: "A\nB2\nc\n" };
    const result = mergeTexts("lines", versions);
    assert.equal(result.outcome, "conflict");
    if (result.outcome !== "conflict") return;
    const side = (name: "mine" | "theirs"): string =>
      result.pieces
        .map((piece) => (isConflict(piece) ? piece[name] : piece.from === other[name] ? "" : piece.text))
        .join("");
    const other = { mine: "theirs", theirs: "mine" } as const;
    assert.equal(side("mine"), versions.mine);
    assert.equal(side("theirs"), "A\nB2\nc\n");
  });
});

/** A document of numbered words in lines, and edits that touch no two neighbouring words on different sides. */
const edits = fc
  .record({
    lines: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 }),
    hands: fc.array(fc.constantFrom("nobody", "mine", "theirs", "both"), { minLength: 60, maxLength: 60 }),
    deeds: fc.array(fc.constantFrom("replace", "add", "delete"), { minLength: 60, maxLength: 60 }),
  })
  .map(({ lines, hands, deeds }) => {
    let word = 0;
    const write = (side: "base" | "mine" | "theirs"): string => {
      word = 0;
      return lines.map((count) => Array.from({ length: count }, () => one(side)).join(" ")).join("\n");
    };
    const one = (side: "base" | "mine" | "theirs"): string => {
      const [number, hand, deed] = [word, hands[word], deeds[word]];
      word += 1;
      if (number % 2 === 1 || side === "base" || (hand !== side && hand !== "both")) return `w${number}`;
      if (deed === "delete") return "-";
      return deed === "add" ? `w${number} new${number}${hand}` : `changed${number}${hand}`;
    };
    return { base: write("base"), mine: write("mine"), theirs: write("theirs") };
  });

/** A text of different words, and two sides that put words in and take words out wherever they like, blanks and all. */
const slips = fc
  .record({
    lines: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    mine: anyDeeds(),
    theirs: anyDeeds(),
  })
  .map(({ lines, ...deeds }) => {
    let count = 0;
    const line = (words: number): string => Array.from({ length: words }, () => `base${(count += 1)}`).join(" ");
    const base = lines.map((words) => `${line(words)}\n`).join("");
    return { base, mine: carriedOut(base, "mine", deeds.mine), theirs: carriedOut(base, "theirs", deeds.theirs) };
  });

type Deed = readonly [isAdded: boolean, where: number];

function anyDeeds() {
  return fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 1000 })), { minLength: 1, maxLength: 5 });
}

function carriedOut(base: string, side: string, deeds: readonly Deed[]): string {
  return deeds.reduce((text, [isAdded, where], nth) => {
    const words = [...text.matchAll(/\w+/g)];
    const places = isAdded ? [...words.map(({ index }) => index), text.length] : words.map(({ index }) => index);
    const at = places[where % Math.max(1, places.length)] ?? 0;
    const removed = isAdded ? 0 : (words.find(({ index }) => index === at)?.[0].length ?? 0);
    return text.slice(0, at) + (isAdded ? ` ${side}${nth} ` : "") + text.slice(at + removed);
  }, base);
}

const anyText = fc
  .array(fc.constantFrom("a", "b", "c", "a b", "b c d", "", "d"), { maxLength: 8 })
  .map((lines) => lines.join("\n"));
const anyVersions = fc.record({ base: anyText, mine: anyText, theirs: anyText });
const anyRule = fc.constantFrom<MergeRule>("prose", "lines", "json", "csv");

describe("every merge of texts", () => {
  it("commutes, and is the same each time [MG7]", () => {
    fc.assert(
      fc.property(anyRule, fc.oneof(anyVersions, edits), (rule, versions) => {
        const { base, mine, theirs } = versions;
        const [one, other] = [mergeTexts(rule, versions), mergeTexts(rule, { base, mine: theirs, theirs: mine })];
        assert.equal(one.outcome, other.outcome);
        if (one.outcome === "merged" && other.outcome === "merged") assert.equal(one.text, other.text);
        assert.deepEqual(mergeTexts(rule, versions), one);
      }),
    );
  });

  it("takes the side that changed something, and equal sides as they are [MG7]", () => {
    fc.assert(
      fc.property(anyRule, anyText, anyText, (rule, base, text) => {
        assert.equal(merged(rule, { base, mine: text, theirs: text }), text);
        assert.equal(merged(rule, { base, mine: base, theirs: text }), text);
        assert.equal(merged(rule, { base, mine: text, theirs: base }), text);
      }),
    );
  });

  it("has each word that anybody typed exactly once, and none that somebody deleted [MG6]", () => {
    fc.assert(
      fc.property(edits, (versions) => {
        const text = merged("prose", versions);
        const words = (of: string): string[] => of.split(/[\s-]+/).filter((word) => word !== "");
        const [base, mine, theirs] = [versions.base, versions.mine, versions.theirs].map((of) => new Set(words(of)));
        const expected = [...new Set([...(base ?? []), ...(mine ?? []), ...(theirs ?? [])])].filter((word) =>
          base?.has(word) ? mine?.has(word) && theirs?.has(word) : true,
        );
        assert.deepEqual(words(text).toSorted(), expected.toSorted());
      }),
    );
  });

  it("without a conflict has all that a side typed, and nothing that a side deleted, wherever that was [MG6]", () => {
    fc.assert(
      fc.property(slips, (versions) => {
        const result = mergeTexts("prose", versions);
        if (result.outcome === "conflict") return;
        const words = (text: string): string[] => text.match(/\w+/g) ?? [];
        const [base, mine, theirs] = [versions.base, versions.mine, versions.theirs].map((of) => new Set(words(of)));
        const expected = [...new Set([...(base ?? []), ...(mine ?? []), ...(theirs ?? [])])].filter((word) =>
          base?.has(word) ? mine?.has(word) && theirs?.has(word) : true,
        );
        assert.deepEqual(words(result.text).toSorted(), expected.toSorted());
      }),
      { numRuns: 1000 },
    );
  });
});
