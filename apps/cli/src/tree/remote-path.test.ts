import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRemotePath, parseRemotePath } from "./remote-path.ts";

test("[CL23] a slash at either end may be left out", () => {
  const cases: [string, string[]][] = [
    ["/", []],
    ["", []],
    ["//", []],
    ["/docs/a.txt", ["docs", "a.txt"]],
    ["docs/a.txt", ["docs", "a.txt"]],
    ["/docs/", ["docs"]],
    ["/ a /ü", [" a ", "ü"]],
  ];
  for (const [path, names] of cases) assert.deepEqual(parseRemotePath(path), names, path);
  assert.equal(formatRemotePath(["docs", "a.txt"]), "/docs/a.txt");
});

test("[CL23] a name that can't be is wrong usage", () => {
  for (const path of ["/..", "a/./b", "a//b", `/${"x".repeat(256)}`, "/a\0b"]) {
    assert.throws(() => parseRemotePath(path), { name: "CommandError", exitCode: 2 }, JSON.stringify(path));
  }
});
