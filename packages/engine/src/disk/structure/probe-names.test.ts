import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { linuxNames } from "../../names/name-rules.ts";
import { foldsNames, isListed } from "../folded-names.ts";
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
