import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { linuxNames } from "../../names/name-rules.ts";
import { foldsNames, isFoundAs, isListed, isOnlyNamesake } from "../folded-names.ts";
import { temporaryFolder } from "../own-folder.ts";
import { openNodeDisk } from "../node-disk.ts";
import { probe, probeNames } from "./probe-names.ts";

test("[NM32] Linux' own file systems are known, and trying one comes to the same and leaves nothing behind", async () => {
  await using directory = await temporaryDirectory("probe");
  mkdirSync(directory.join(temporaryFolder), { recursive: true });
  assert.deepEqual(probeNames(directory.path), linuxNames);
  assert.deepEqual(probe(directory.join(temporaryFolder, "stem")), linuxNames);
  assert.deepEqual(readdirSync(directory.join(temporaryFolder)), []);
});

test("[NM32] a disk tells its rules when its root was prepared", async () => {
  await using directory = await temporaryDirectory("probe");
  const disk = openNodeDisk({ root: directory.join("root") });
  try {
    await disk.prepareRoot("marker");
    assert.deepEqual(await disk.nameRules(), linuxNames);
  } finally {
    await disk.close();
  }
});

test("[NM31] where case counts, nothing is found under another spelling", async () => {
  await using directory = await temporaryDirectory("spelling");
  mkdirSync(directory.join(temporaryFolder), { recursive: true });
  assert.equal(foldsNames(directory.path), false);
  mkdirSync(directory.join("Docs"));
  assert.equal(isListed(directory.join("Docs")), true);
});

test("[NM31] what is found under another spelling is the same one where its inode is, or where the folder lists no second", () => {
  const list =
    (...names: string[]) =>
    () =>
      names;
  const same = { inode: 7n, otherInode: 7n, list: list(".own") };
  assert.equal(isFoundAs(".own", same), true);
  assert.equal(isFoundAs(".own", { ...same, otherInode: undefined }), false);
  // Disks in user space may make an inode up for each spelling.
  assert.equal(isFoundAs(".own", { ...same, otherInode: 8n }), true);
  assert.equal(isFoundAs(".own", { ...same, otherInode: 8n, list: list(".own", ".OWN") }), false);
});

test("[NM31] whoever is the only one by such a name can be spelled anew; beside another nothing is known", () => {
  const spelling = { name: "notes", other: "Notes" };
  assert.equal(isOnlyNamesake(["a", "notes", "b"], spelling), true);
  assert.equal(isOnlyNamesake(["notes", "NOTES"], spelling), false);
  assert.equal(isOnlyNamesake(["NOTES"], spelling), false);
  assert.equal(isOnlyNamesake(["a"], { name: "a", other: "b" }), false);
});
