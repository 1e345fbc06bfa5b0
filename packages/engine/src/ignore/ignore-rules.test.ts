import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { readIgnoreRules } from "./ignore-rules.ts";

/** Asks about paths; one that ends with '/' is a folder. */
async function askingRules(files: Record<string, string>) {
  const directory = await temporaryDirectory("ignore");
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(directory.join(path)), { recursive: true });
    await writeFile(directory.join(path), text);
  }
  const rules = readIgnoreRules(directory.path);
  return {
    directory,
    find: (path: string) => rules.find(path.replace(/\/$/, ""), path.endsWith("/")),
    [Symbol.asyncDispose]: () => directory.remove(),
  };
}

test("[IG1] rules have gitignore's syntax, and are named by file and line", async () => {
  await using asking = await askingRules({ ".satchelignore": "# mine\n*.log\n!keep.log\nbuild/\n/only-here\n" });
  assert.deepEqual(asking.find("a/b.log"), { pattern: "*.log", source: ".satchelignore:2" });
  assert.equal(asking.find("a/keep.log"), undefined);
  assert.deepEqual(asking.find("x/build/"), { pattern: "build/", source: ".satchelignore:4" });
  assert.equal(asking.find("x/build"), undefined, "a file called so is no folder");
  assert.ok(asking.find("only-here"));
  assert.equal(asking.find("a/only-here"), undefined);
  assert.equal(asking.find("B.LOG"), undefined, "case counts");
});

test("[IG2] what lies in a folder that is left out is left out with it", async () => {
  await using asking = await askingRules({ ".satchelignore": "build/\n!build/keep\n", "build/.satchelignore": "!*\n" });
  assert.deepEqual(asking.find("build/keep"), { pattern: "build/", source: ".satchelignore:1" });
  assert.deepEqual(asking.find("build/deep/er/"), { pattern: "build/", source: ".satchelignore:1" });
});

test("[IG3] a deeper ignore file goes before those above it", async () => {
  await using asking = await askingRules({ ".satchelignore": "*.log\n", "a/.satchelignore": "!*.log\n/b.txt\n" });
  assert.equal(asking.find("a/x.log"), undefined);
  assert.ok(asking.find("x.log"));
  assert.deepEqual(asking.find("a/b.txt"), { pattern: "/b.txt", source: "a/.satchelignore:2" });
  assert.equal(asking.find("a/c/b.txt"), undefined);
});

test("[IG4] systems' and editors' own files are left out unless a rule takes them in", async () => {
  await using asking = await askingRules({ "in/.satchelignore": "!Thumbs.db\n" });
  for (const path of [
    ".DS_Store",
    "a/Thumbs.db",
    "a/.b.txt.swp",
    ".#lock",
    "a/#auto#",
    "~$letter.docx",
    "a/.~lock.b.odt#",
    ".nfs0001",
  ]) {
    assert.equal(asking.find(path)?.source, "built in", path);
  }
  assert.equal(asking.find("$RECYCLE.BIN/x")?.source, "built in");
  assert.equal(asking.find("in/Thumbs.db"), undefined);
  for (const path of ["a~", "notes.tmp", "a.swp", "#1", ".git/index.lock", "node_modules/", ".env", ".satchelignore"]) {
    assert.equal(asking.find(path), undefined, path);
  }
});

test("[IG5] an ignore file that is a link, a folder or too large counts as none", async () => {
  await using asking = await askingRules({
    elsewhere: "*\n",
    "folder/.satchelignore/x": "",
    "large/.satchelignore": `*\n${"#".repeat(1024 * 1024)}`,
  });
  await symlink("elsewhere", asking.directory.join(".satchelignore"));
  for (const path of ["a", "folder/a", "large/a"]) assert.equal(asking.find(path), undefined, path);
});

test("many paths are asked about, and the answers stay right", async () => {
  await using asking = await askingRules({ ".satchelignore": "*7\n" });
  for (let i = 0; i < 25_000; i++)
    assert.equal(asking.find(`d${i % 10}x/f${i}`) !== undefined, i % 10 === 7 || String(i).endsWith("7"));
});
