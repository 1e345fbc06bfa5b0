import assert from "node:assert/strict";
import { chmod, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import type { Disk } from "../../ports/disk.ts";
import { fingerprintOf, temporaryOf, text } from "../contract/contract.fixture.ts";
import { openNodeDisk } from "../node-disk.ts";

/** A disk on an empty folder, as it is when the engine has prepared it. */
async function openDisk(directory: { join(...names: string[]): string }): Promise<Disk & AsyncDisposable> {
  const disk = openNodeDisk({ root: directory.join("root") });
  await disk.prepareRoot("marker");
  return Object.assign(disk, { [Symbol.asyncDispose]: () => disk.close() });
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o7777).toString(8);
}

test("[DK10] a replaced file keeps its permissions; the execute bits follow the new content", async () => {
  await using directory = await temporaryDirectory("modes");
  await using disk = await openDisk(directory);
  const path = directory.join("root", "x");
  // What it was, whether the new one is executable, what it is then.
  const cases = [
    [0o600, false, "600"],
    [0o600, true, "700"],
    [0o640, true, "750"],
    [0o755, false, "644"],
    [0o711, true, "711"],
    [0o4750, true, "4750"],
    [0o464, true, "575"],
  ] as const;
  for (const [before, executable, after] of cases) {
    await writeFile(path, "old", { flag: "a" });
    await chmod(path, before);
    const seen = await fingerprintOf(disk, "x");
    await disk.place(await temporaryOf(disk, text("new"), executable), "x", seen);
    assert.equal(await modeOf(path), after, `${before.toString(8)} ${executable}`);
  }
});

test("[DK10] a new file has what the umask leaves of 0666 or 0777", async () => {
  await using directory = await temporaryDirectory("modes");
  const before = process.umask(0o027);
  try {
    await using disk = await openDisk(directory);
    await disk.place(await temporaryOf(disk, text("plain")), "plain", null);
    await disk.place(await temporaryOf(disk, text("program"), true), "program", null);
    assert.equal(await modeOf(directory.join("root", "plain")), "640");
    assert.equal(await modeOf(directory.join("root", "program")), "750");
  } finally {
    process.umask(before);
  }
});
