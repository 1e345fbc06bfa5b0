import assert from "node:assert/strict";
import { test } from "node:test";
import { testRuns } from "@satchel/testkit";
import fc from "fast-check";
import { aliasOf, maxNamesakes, nameOf, possibleNames } from "./alias-name.ts";
import { findPlatformProblem, linuxNames, macosNames, windowsNames, type NameRules } from "./name-rules.ts";

const decomposing: NameRules = { ...macosNames, normalization: "decomposed" };
const fatOnLinux: NameRules = { ...windowsNames, disk: "this kind of disk" };
const platforms = { linux: linuxNames, macos: macosNames, windows: windowsNames, decomposing, fatOnLinux };

/** Names made of what makes trouble, and of anything else. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('<>:"|?*\\. \u{1}\u{1F}aAeé\u{301}ßſKİıσς\u{212A}\u{201B}：．␠②⑨ⓓ\u{1F600}')),
      fc.constantFrom("CON", "com¹", "aux", ".txt", "LPT9", "conin$", "e\u{301}", "\u{201B}：", "\u{201B}\u{201B}"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join("").replaceAll("/", "").replaceAll("\0", ""))
  .filter(
    (name) => name !== "" && name !== "." && name !== ".." && name.isWellFormed() && Buffer.byteLength(name) <= 255,
  );

function allAliases(name: string, rules: NameRules): string[] {
  const aliases = Array.from({ length: maxNamesakes }, (_, index) => aliasOf(name, rules, index + 1));
  const listed = aliases.map((alias) => (rules.normalization === "decomposed" ? alias?.normalize("NFD") : alias));
  return listed.filter((alias) => alias !== undefined);
}

for (const [platform, rules] of Object.entries(platforms)) {
  test(`[NM1] [NM2] ${platform}: an alias stands for one name, and is a name that the disk holds`, () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: maxNamesakes }), (name, nth) => {
        const alias = aliasOf(name, rules, nth);
        if (alias === undefined) return;
        const listed = rules.normalization === "decomposed" ? alias.normalize("NFD") : alias;
        assert.deepEqual(nameOf(listed, rules), { name, nth });
        assert.equal(findPlatformProblem(listed, rules), undefined);
      }),
      { numRuns: testRuns(3000) },
    );
  });

  test(`[NM2] ${platform}: whatever is on the disk stands for something, which may be found there again`, () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const listed = rules.normalization === "decomposed" ? name.normalize("NFD") : name;
        if (findPlatformProblem(listed, rules) !== undefined) return;
        const stands = nameOf(listed, rules).name;
        const there = possibleNames(stands, rules);
        assert.ok(
          there.some((each) => each.normalize("NFD") === listed.normalize("NFD")),
          `${stands}: ${there.join()}`,
        );
      }),
      { numRuns: testRuns(3000) },
    );
  });

  test(`[NM3] ${platform}: two names never share an alias`, () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        if (one === other) return;
        const [ones, others] = [one, other].map((name) => new Set(allAliases(name, rules)));
        assert.deepEqual([...(ones as Set<string>).intersection(others as Set<string>)], []);
      }),
      { numRuns: testRuns(3000) },
    );
  });
}

test("[NM1] a disk that holds all names gets them as they are", () => {
  for (const name of ["a:b", "CON", "a.", "é", "e\u{301}", "\u{201B}：", "x".repeat(255)]) {
    assert.equal(aliasOf(name, linuxNames), name);
    assert.deepEqual(nameOf(name, linuxNames), { name, nth: 1 });
  }
});

test("[NM4] an alias looks like the name", () => {
  const aliases = new Map([
    ["a:b", "a‛：b"],
    ['what? "why" <x|y>*.txt', "what‛？ ‛＂why‛＂ ‛＜x‛｜y‛＞‛＊.txt"],
    ["back\\slash", "back‛＼slash"],
    ["line\nbreak", "line‛␊break"],
    ["end.", "end‛．"],
    ["...", "..‛．"],
    ["end ", "end‛␠"],
    ["CON", "CO‛Ｎ"],
    ["con.txt", "co‛ｎ.txt"],
    ["Aux .c", "Au‛ｘ .c"],
    ["COM¹.log", "CO‛Ｍ¹.log"],
    ["conin$", "co‛ｎin$"],
    ["‛：", "‛‛："],
    ["a‛②", "a‛‛②"],
  ]);
  for (const [name, alias] of aliases) assert.equal(aliasOf(name, windowsNames), alias);
  for (const name of ["CONSOLE", "COM", "com10", "nul1", ".con", "a.b", " a", "é", "：", "con-"]) {
    assert.equal(aliasOf(name, windowsNames), name);
  }
});

test("[NM4] names that the disk takes for one are told apart before the extension", () => {
  assert.equal(aliasOf("Read.me", macosNames, 2), "Read‛②.me");
  assert.equal(aliasOf(".profile", macosNames, 9), ".profile‛⑨");
  assert.equal(aliasOf("a.", windowsNames, 3), "a‛．‛③");
  assert.equal(aliasOf("a", macosNames, 10), undefined);
});

test("[NM2] a name that only looks like an alias is itself", () => {
  for (const name of ["‛", "‛‛", "‛90s", "‛‛90s", "a‛b", "x‛／y", "‛．", "a‛②‛②", "‛①", "‛．‛．"]) {
    assert.deepEqual(nameOf(name, windowsNames), { name, nth: 1 });
    assert.equal(aliasOf(name, windowsNames), name);
  }
});

test("[NM5] an alias that would be too long is none", () => {
  assert.equal(aliasOf(":".repeat(255), windowsNames), undefined);
  assert.equal(aliasOf("x".repeat(255), windowsNames)?.length, 255);
  assert.equal(aliasOf("x".repeat(255), macosNames, 2), undefined);
  assert.equal(aliasOf("x".repeat(249), macosNames, 2)?.length, 251);
});

test("[NM6] on a disk that decomposes, both forms of a name are kept, and a mixture is refused", () => {
  assert.deepEqual(nameOf("e\u{301}", decomposing), { name: "é", nth: 1 });
  const alias = aliasOf("e\u{301}.txt", decomposing);
  assert.equal(alias, "e\u{301}‛ⓓ.txt");
  assert.deepEqual(nameOf("e\u{301}‛ⓓ.txt", decomposing), { name: "e\u{301}.txt", nth: 1 });
  assert.equal(aliasOf("ée\u{301}", decomposing), undefined);
});
