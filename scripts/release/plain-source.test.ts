import assert from "node:assert/strict";
import { test } from "node:test";
import { plainSource } from "./plain-source.ts";

test("types go, and modules and workers are named as they are without", () => {
  const source = [
    `import { a, type B } from "./a.ts";`,
    `import type { C } from "../c.ts";`,
    `const d: B = await import("./d.ts");`,
    `new Worker(new URL("e.ts", import.meta.url));`,
    `const said = "f.ts";`,
    `export * from "@satchel/protocol";`,
  ].join("\n");
  const lines = plainSource(source)
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, " ").trim());
  assert.deepEqual(lines, [
    `import { a, } from "./a.js";`.replace(", }", " , }").replace("a ,", "a,"),
    "",
    `const d = await import("./d.js");`,
    `new Worker(new URL("e.js", import.meta.url));`,
    `const said = "f.ts";`,
    `export * from "@satchel/protocol";`,
  ]);
});
