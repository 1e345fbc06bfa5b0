import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareText, type ComparedLine } from "./compare-text.ts";

function written(lines: readonly ComparedLine[]): string[] {
  const sign = { same: " ", removed: "-", added: "+" };
  return lines.map((line) =>
    line.kind === "gap"
      ? `@${line.lines}`
      : sign[line.kind] + line.parts.map(({ text, isMarked }) => (isMarked ? `[${text}]` : text)).join(""),
  );
}

test("[WB12] lines that changed are told with their words, and equal ones far from them are passed over", () => {
  const before = ["1", "2", "3", "4", "the old word", "6", "7", "8", "9", "10"].join("\n");
  const after = before.replace("old", "new").replace("10", "10\n11");
  assert.deepEqual(
    written(compareText(before, after) ?? []),
    ["@1", " 2", " 3", " 4", "-the [old] word", "+the [new] word", " 6", " 7", " 8", " 9", "-10", "+[10]", "+[11]"].map(
      (line) => line.replace("-10", "-[10]"),
    ),
  );
});

test("[WB12] what was there before, and what is there now, can be read off any comparison", () => {
  const text = fc.array(fc.constantFrom("a b", "b c", "c", ""), { maxLength: 3 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = compareText(`${before}\n`, `${after}\n`) ?? [];
      const side = (without: string): string =>
        lines
          .flatMap((line) =>
            line.kind === "gap" || line.kind === without ? [] : [line.parts.map((part) => part.text).join("")],
          )
          .join("\n");
      if (before === after) return;
      assert.deepEqual([side("added"), side("removed")], [before, after]);
    }),
  );
});

test("[WB12] texts that have nothing in common aren't compared", () => {
  const lines = (word: string): string => Array.from({ length: 5000 }, (_, index) => `${word} ${index}`).join("\n");
  assert.equal(compareText(lines("a"), lines("b")), undefined);
});
