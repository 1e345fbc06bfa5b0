import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, originsOf } from "./folded-text.ts";

test("[SR4] each character is folded by what Unicode says of it, ideographs as all others", () => {
  const planes = [
    [0x80, 0xd800, 1],
    [0xe000, 0x10000, 1],
    [0x10000, 0x40000, 17],
  ] as const;
  for (const [from, to, step] of planes)
    for (let code = from; code < to; code += step) {
      const character = String.fromCodePoint(code);
      const said = character
        .normalize("NFKD")
        .replaceAll(/[\u0300-\u036f]/g, "")
        .toLowerCase()
        .replaceAll("ς", "σ");
      if (fold(character) === said) continue;
      assert.equal(fold(character), said, code.toString(16));
    }
});

test("[SR4] what is folded can be shown in the original", () => {
  const original = "漢字 Ärger ﬁn \u{20000}\u{2f800} ガ";
  const folded = fold(original);
  const origins = originsOf(original);
  assert.equal(origins.length, folded.length + 1);
  for (const part of ["漢字", "fin", "\u{20000}"]) assert.ok(folded.includes(part), part);
  assert.equal(original.slice(origins[folded.indexOf("arger")], origins[folded.indexOf("arger") + 5]), "Ärger");
});
