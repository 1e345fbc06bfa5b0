import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maxTableRows, parseTable } from "./parse-table.ts";

test("[WB9] fields in quotes hold delimiters, line ends and quotes", () => {
  const { rows } = parseTable('name,note\r\n"Doe, Ann","says ""hi""\nand goes"\nlast,');
  assert.deepEqual(rows, [
    ["name", "note"],
    ["Doe, Ann", 'says "hi"\nand goes'],
    ["last", ""],
  ]);
});

test("[WB9] semicolons and tabs part fields where the first line has more of them", () => {
  assert.deepEqual(parseTable("a;b;c,d\n1;2;3,4").rows[1], ["1", "2", "3,4"]);
  assert.deepEqual(parseTable("\uFEFFa\tb\n1\t2").rows, [
    ["a", "b"],
    ["1", "2"],
  ]);
});

test("[WB9] whatever was written comes back", () => {
  const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", ";", " ") });
  const table = fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(table, (rows) => {
      const written = [["x,", "y"], ...rows].map((row) =>
        row.map((value) => `"${value.replaceAll('"', '""')}"`).join(","),
      );
      assert.deepEqual(parseTable(written.join("\r\n")).rows, [["x,", "y"], ...rows]);
    }),
  );
});

test("[WB9] a table is cut after its first rows, and says so", () => {
  const { rows, isCut } = parseTable("x\n".repeat(maxTableRows + 1));
  assert.deepEqual([rows.length, isCut], [maxTableRows, true]);
  assert.equal(parseTable("x\n".repeat(maxTableRows)).isCut, false);
});
