import assert from "node:assert/strict";
import { test } from "node:test";
import { findImports } from "./find-imports.ts";

test("[RP1] every form of import is seen, with its line and whether only types cross", () => {
  const source = `import type { A } from "types-only";
import { b } from "static";
export * from "./re-export.ts";
export type { C } from "type-re-export";
type D = import("in-a-type").D;
const e = await import("dynamic");
new Worker(new URL("./worker.ts", import.meta.url));
await import(computed);
new URL("../page.md", import.meta.url);
const text = 'import "not-code"';`;
  assert.deepEqual(
    findImports("a.ts", source).map(({ specifier, typeOnly, line }) => [line, specifier, typeOnly]),
    [
      [1, "types-only", true],
      [2, "static", false],
      [3, "./re-export.ts", false],
      [4, "type-re-export", true],
      [5, "in-a-type", true],
      [6, "dynamic", false],
      [7, "./worker.ts", false],
      [8, undefined, false],
    ],
  );
});

test("[RP5] a file that does not parse is an error, not a file without imports", () => {
  assert.throws(() => findImports("a.ts", "import {"), /does not parse/);
});
