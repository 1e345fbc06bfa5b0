import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { checkFolder, checkNames, checkSpace } from "./check-folder.ts";

test("[CL35] a folder that is there, gone, or not the one that was synced", async () => {
  await using directory = await temporaryDirectory("doctor");
  assert.equal((await checkFolder(directory.join("gone"))).level, "problem");
  const other = await checkFolder(directory.path);
  assert.deepEqual([other.level, other.message.includes(".satchel")], ["problem", true]);
  await mkdir(directory.join(".satchel"));
  assert.equal((await checkFolder(directory.path)).level, "ok");
});

test("[CL35] trying a disk leaves nothing behind", async () => {
  await using directory = await temporaryDirectory("doctor");
  await mkdir(directory.join(".satchel"));
  await writeFile(directory.join("a.txt"), "a");
  assert.equal((await checkNames(directory.path)).level, "ok");
  assert.equal((await checkFolder(directory.path)).level, "ok");
  assert.deepEqual(await readdir(directory.join(".satchel")), []);
  assert.deepEqual((await readdir(directory.path)).toSorted(), [".satchel", "a.txt"]);
});

test("[CL35] room on a disk is told, and none for a path that is not there", async () => {
  await using directory = await temporaryDirectory("doctor");
  assert.match((await checkSpace("home_space", directory.path)).message, /[kMGTP]?B are free/);
  assert.equal((await checkSpace("home_space", directory.join("gone"))).level, "skipped");
});
