import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, formatInstant, formatSize, plural, printable } from "./format.ts";
import { formatTable } from "./table.ts";

test("sizes have three digits at most and never round up to 1000", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [12_345, "12.3 kB"],
    [123_456, "123 kB"],
    [999_499, "999 kB"],
    [999_500, "1.00 MB"],
    [2 ** 46, "70.4 TB"],
    [Number.MAX_SAFE_INTEGER, "9.01 PB"],
  ];
  for (const [bytes, text] of cases) assert.equal(formatSize(bytes), text);
});

test("durations have two units at most", () => {
  const cases: [number, string][] = [
    [-1, "0 s"],
    [8.4, "8 s"],
    [59.6, "1 min 0 s"],
    [200, "3 min 20 s"],
    [7500, "2 h 5 min"],
  ];
  for (const [seconds, text] of cases) assert.equal(formatDuration(seconds), text);
});

test("instants are local and sortable, unknown ones a dash", () => {
  assert.match(
    formatInstant("2026-01-31T12:00:00.000Z"),
    /^2026-0[12]-\d\d \d\d:00:00$|^2026-0[12]-\d\d \d\d:\d\d:00$/,
  );
  assert.equal(formatInstant(null), "-");
  assert.deepEqual(
    [plural(1, "file"), plural(2, "file"), plural(0, "copy", "copies")],
    ["1 file", "2 files", "0 copies"],
  );
});

test("[CL6] what would steer a terminal is shown instead", () => {
  assert.equal(printable("a\u001b[31mb\n\u202ec\u009b"), "a\\u001b[31mb\\u000a\\u202ec\\u009b");
  assert.equal(printable("Größe 大 🎒"), "Größe 大 🎒");
});

test("tables align their columns and leave no blanks at the end of a line", () => {
  const columns = [
    { title: "SIZE", align: "right", value: (row: string[]) => row[0] ?? "" },
    { title: "NAME", value: (row: string[]) => row[1] ?? "" },
    { title: "", value: (row: string[]) => row[2] ?? "" },
  ] as const;
  assert.deepEqual(
    formatTable(columns, [
      ["1 B", "a", ""],
      ["100 kB", "long", "x"],
    ]),
    ["  SIZE  NAME", "   1 B  a", "100 kB  long  x"],
  );
});
