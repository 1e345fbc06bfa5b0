import assert from "node:assert/strict";
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { writeFileAtomically } from "./write-file-atomically.ts";

test("[CL9] a file is replaced whole, for its owner only, and nothing else is left", async () => {
  await using directory = await temporaryDirectory("atomic");
  const path = directory.join("file");
  await writeFileAtomically(path, "one");
  await writeFileAtomically(path, "two");
  assert.equal(await readFile(path, "utf8"), "two");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(directory.path), ["file"]);
});

test("[CL9] a replacement that fails leaves no trace", async () => {
  await using directory = await temporaryDirectory("atomic");
  const path = directory.join("folder");
  await mkdir(path);
  await assert.rejects(writeFileAtomically(path, "text"), { code: "EISDIR" });
  assert.deepEqual(await readdir(directory.path), ["folder"]);
});
