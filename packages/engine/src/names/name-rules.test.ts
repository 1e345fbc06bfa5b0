import assert from "node:assert/strict";
import { test } from "node:test";
import { nameKey } from "./name-key.ts";
import {
  findPlatformProblem,
  fits,
  linuxNames,
  macosNames,
  shortWindowsPath,
  windowsNames,
  type NameRules,
} from "./name-rules.ts";

test("[NM11] Windows keeps the names of devices for itself, with any extension, in any case, before spaces", () => {
  for (const name of [
    "CON",
    "prn",
    "Aux.txt",
    "NUL.tar.gz",
    "COM0",
    "com9.x",
    "LPT¹",
    "COM².a",
    "CONIN$",
    "conout$.x",
    "nul .c",
  ]) {
    assert.equal(findPlatformProblem(name, windowsNames), "is that of a device", name);
    assert.equal(findPlatformProblem(name, linuxNames), undefined);
    assert.equal(findPlatformProblem(name, macosNames), undefined);
  }
  for (const name of ["CONS", "COM10", "COM", "LPTX", "xCON", "CON-1", "CONIN", ".nul"]) {
    assert.equal(findPlatformProblem(name, windowsNames), undefined, name);
  }
});

test("[NM11] Windows has some characters in no name, and no dot or space at the end", () => {
  for (const character of '<>:"|?*\\') {
    assert.equal(findPlatformProblem(`a${character}b`, windowsNames), `has a "${character}" in it`);
    assert.equal(findPlatformProblem(`a${character}b`, macosNames), undefined);
  }
  assert.equal(findPlatformProblem("a\tb", windowsNames), "has a control character in it");
  assert.equal(findPlatformProblem("a\u{7F}b", windowsNames), undefined);
  assert.equal(findPlatformProblem("a.", windowsNames), "ends with a dot");
  assert.equal(findPlatformProblem("a ", windowsNames), "ends with a space");
  assert.equal(findPlatformProblem(" a", windowsNames), undefined);
});

test("[NM12] a name's length is counted in bytes, or on Windows in UTF-16 units", () => {
  const cases: [string, NameRules, boolean][] = [
    ["x".repeat(255), linuxNames, true],
    ["ü".repeat(128), linuxNames, false],
    ["ü".repeat(127), macosNames, true],
    ["ü".repeat(255), windowsNames, true],
    ["\u{1F600}".repeat(127), windowsNames, true],
    ["\u{1F600}".repeat(128), windowsNames, false],
  ];
  for (const [name, rules, isPossible] of cases) {
    assert.equal(findPlatformProblem(name, rules) === undefined, isPossible, `${rules.disk} ${name.length}`);
  }
});

test("[NM12] a path's length is counted likewise", () => {
  const limits = [
    [linuxNames.path, 4095],
    [macosNames.path, 1023],
    [windowsNames.path, 32_766],
    [shortWindowsPath, 259],
  ] as const;
  for (const [limit, most] of limits) {
    assert.ok(fits("x".repeat(most), limit));
    assert.ok(!fits("x".repeat(most + 1), limit));
  }
  assert.ok(!fits("ü".repeat(3000), linuxNames.path));
  assert.ok(fits("ü".repeat(3000), windowsNames.path));
});

test("[NM13] names that a disk takes for one have one key", () => {
  const same: [string, string, NameRules][] = [
    ["README", "readme", windowsNames],
    ["É", "é", windowsNames],
    ["straße", "STRASSE", macosNames],
    ["ΑΣ", "ας", macosNames],
    ["ασ", "ας", macosNames],
    ["\u{212A}elvin", "kelvin", macosNames],
    ["é", "e\u{301}", macosNames],
    ["É", "e\u{301}", macosNames],
  ];
  for (const [one, other, rules] of same) assert.equal(nameKey(one, rules), nameKey(other, rules), `${one} ${other}`);
  const different: [string, string, NameRules][] = [
    ["a", "A", linuxNames],
    ["é", "e\u{301}", linuxNames],
    ["é", "e\u{301}", windowsNames],
    ["e", "é", macosNames],
    ["a", "b", macosNames],
  ];
  for (const [one, other, rules] of different) assert.notEqual(nameKey(one, rules), nameKey(other, rules));
});
