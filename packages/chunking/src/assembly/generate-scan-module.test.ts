import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { generateScanModule } from "./generate-scan-module.ts";

test("the committed WebAssembly module is what its source compiles to", async () => {
  const committed = await readFile(new URL("../cut/scan-module.ts", import.meta.url), "utf8");
  assert.equal(committed, await generateScanModule());
});
