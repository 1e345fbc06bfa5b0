import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { testRuns } from "@satchel/testkit";
import { gramsOfName } from "../../storage/search/name-grams.ts";
import { matchName, soughtName } from "./match-name.ts";
import { candidatesOf } from "./search-steps.ts";

/** How a name matches, with what was found in brackets. */
function shown(text: string, name: string): string | undefined {
  const matched = matchName(soughtName(text), name);
  if (!matched) return undefined;
  let marked = name;
  for (const [from, to] of matched.found.toReversed())
    marked = `${marked.slice(0, from)}[${marked.slice(from, to)}]${marked.slice(to)}`;
  return `${matched.match} ${marked}`;
}

test("[SR3] a name is found whole, by its beginning, by beginnings of words, by parts, and with a slip of the pen", () => {
  assert.equal(shown("annual report", "Annual Report.pdf"), "whole [Annual] [Report].pdf");
  assert.equal(shown("annual-report.pdf", "Annual Report.pdf"), "whole [Annual] [Report].[pdf]");
  assert.equal(shown("annual rep", "Annual Report.pdf"), "beginning [Annual] [Rep]ort.pdf");
  assert.equal(shown("rep ann", "Annual Report.pdf"), "words [Ann]ual [Rep]ort.pdf");
  assert.equal(shown("port", "Annual Report.pdf"), "parts Annual Re[port].pdf");
  assert.equal(shown("reprot", "Annual Report.pdf"), "similar Annual [Report].pdf");
  assert.equal(shown("eport2", "Annual Report.pdf"), undefined);
  assert.equal(shown("report 2024", "Annual Report.pdf"), undefined);
});

test("[SR3] a slip is a wrong, missing or extra character, or neighbours that changed places; short words take none, long ones two", () => {
  for (const slip of ["bujget", "buget", "budgeet", "bugdet", "ubdget"])
    assert.match(shown(slip, "budget.xls") ?? "", /similar/);
  assert.equal(shown("bdt", "bad.txt"), undefined);
  assert.match(shown("presentatoin", "presentation.odp") ?? "", /similar/);
  assert.match(shown("prezentatiom", "presentation.odp") ?? "", /similar/);
  assert.equal(shown("buhjet", "budget.xls"), undefined);
});

test("[SR4] case, accents and forms of characters make no difference, and what was found is shown in the name as it is", () => {
  assert.equal(shown("arger", "Großer Ärger.txt"), "words Großer [Ärger].txt");
  assert.equal(shown("ÄRGER", "a\u0308rger.txt"), "whole [a\u0308rger].txt");
  assert.equal(shown("abc", "ＡＢＣ.txt"), "whole [ＡＢＣ].txt");
  assert.equal(shown("f", "ﬁle"), "beginning [ﬁ]le");
  assert.equal(shown("fi", "e\u0301ﬁ.txt"), "parts e\u0301[ﬁ].txt");
  assert.equal(shown("οδοσ", "Οδός.txt"), "whole [Οδός].txt");
});

test("[SR4] languages without spaces are found by any character", () => {
  assert.equal(shown("京", "2024東京タワー.jpg"), "parts 2024東[京]タワー.jpg");
  assert.equal(shown("東京", "2024東京タワー.jpg"), "parts 2024[東京]タワー.jpg");
  assert.equal(shown("타워", "서울타워.jpg"), "parts 서울[타워].jpg");
  assert.equal(shown("🎉", "🎉 party.jpg"), "beginning [🎉] party.jpg");
});

const character = fc.constantFrom(...Array.from("abcdeABC019 .-_äéß東京タ한글🎉"));
const nameOf = fc.array(character, { minLength: 1, maxLength: 14 }).map((characters) => characters.join(""));

test("[SR5] whatever matches by name has the pieces by which it is looked up, in the way in which it matches", () => {
  const property = fc.property(nameOf, fc.nat(13), fc.nat(14), nameOf, (name, from, length, other) => {
    for (const text of [
      Array.from(name)
        .slice(from, from + length + 1)
        .join(""),
      other,
      name,
    ]) {
      const sought = soughtName(text);
      if (sought.words.length === 0) continue;
      const match = matchName(sought, name)?.match;
      if (match === undefined || match === "similar") continue;
      const alternatives = candidatesOf(sought, match);
      // Single letters inside a word are the one thing that is not looked up.
      if (!alternatives) assert.ok(match === "parts" && sought.words.every((word) => Array.from(word).length === 1));
      else {
        const grams = new Set(gramsOfName(name));
        assert.ok(
          alternatives.anyOf?.some((pieces) => pieces.every((piece) => grams.has(piece))),
          `${text} in ${name} as ${match}`,
        );
      }
    }
  });
  fc.assert(property, { numRuns: testRuns(500) });
});

test("[SR5] one slip anywhere in a word leaves pieces by which it is looked up", () => {
  const word = fc.string({ unit: fc.constantFrom(...Array.from("abcdefgh")), minLength: 6, maxLength: 12 });
  const property = fc.property(
    word,
    fc.nat(11),
    fc.constantFrom("change", "drop", "add", "swap"),
    (name, place, how) => {
      const at = place % (name.length - 1);
      const typed = {
        change: `${name.slice(0, at)}x${name.slice(at + 1)}`,
        drop: name.slice(0, at) + name.slice(at + 1),
        add: `${name.slice(0, at)}x${name.slice(at)}`,
        swap: name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2),
      }[how];
      const sought = soughtName(typed);
      assert.ok(matchName(sought, name), `${typed} for ${name}`);
      const grams = new Set(gramsOfName(name));
      const isFound = candidatesOf(sought, "similar")?.anyOf?.some((pieces) =>
        pieces.every((piece) => grams.has(piece)),
      );
      assert.ok(isFound, `${typed} for ${name}`);
    },
  );
  fc.assert(property, { numRuns: testRuns(500) });
});
