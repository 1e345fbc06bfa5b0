import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSize } from "./parse-size.ts";

test("[CL28] sizes are read with and without units", () => {
  const cases: [string, number][] = [
    ["0", 0],
    ["1000", 1000],
    ["10GB", 10e9],
    ["10 gb", 10e9],
    ["1.5MiB", 1_572_864],
    ["2T", 2e12],
  ];
  for (const [text, bytes] of cases) assert.equal(parseSize(text), bytes, text);
});

test("[CL28] what is no size is wrong usage", () => {
  for (const text of ["", "GB", "-1", "1e9", "10 XB", "ten", "99999999999 TB", "1.2.3"]) {
    assert.throws(() => parseSize(text), { name: "CommandError", exitCode: 2 }, text);
  }
});
