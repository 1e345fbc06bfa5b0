import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory } from "./temporary-directory.ts";

test("[TK5] a temporary directory is there, empty and resolved, and gone after its block", async () => {
  let path: string;
  {
    await using directory = await temporaryDirectory("label");
    path = directory.path;
    assert.match(path, /satchel-label-/);
    assert.equal(realpathSync(path), path);
    mkdirSync(directory.join("deep", "er"), { recursive: true });
    writeFileSync(directory.join("deep", "er", "file"), "x");
  }
  assert.equal(existsSync(path), false);
});

test("[TK5] removing it twice is no error", async () => {
  const directory = await temporaryDirectory();
  await directory.remove();
  await directory.remove();
});

test("[TK5] a process that forgets its directory still leaves none behind", () => {
  const program = `import { temporaryDirectory } from ${JSON.stringify(new URL("./temporary-directory.ts", import.meta.url).href)};
    console.log((await temporaryDirectory()).path);`;
  const path = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }).trim();
  assert.match(path, /satchel-test-/);
  assert.equal(existsSync(path), false);
});
