import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { goesWithout } from "@satchel/testkit";
import type { Device } from "../../e2e/support/device.ts";
import { eventually } from "../../e2e/support/eventually.ts";
import { ownFolder } from "../../e2e/support/stage.ts";
import { openPlace, statusOf, waitForEqual, type Place } from "../support/place.ts";

const TIMEOUT_MS = 120_000;
const FILES = 12;
/** After which a deletion would have reached the other device, if it were believed. */
const BELIEF_MS = 6500;

interface Pair {
  readonly mine: Device;
  readonly other: Device;
}

/** Two devices in step, with some files. */
async function openPair(place: Place): Promise<Pair> {
  const mine = await place.device("mine", place.server.url);
  const other = await place.device("other", place.server.url);
  await mkdir(mine.path("docs"));
  for (let nth = 0; nth < FILES; nth += 1)
    await writeFile(mine.path(nth % 2 === 0 ? "docs" : ".", `${nth}.txt`), `${nth}`);
  await waitForEqual([mine, other], TIMEOUT_MS);
  return { mine, other };
}

/** Waits until the device asks with this code; the other device must keep everything, and the question must name what goes on. */
async function asksInstead({ mine, other }: Pair, code: string): Promise<void> {
  const find = async (): Promise<string | undefined> =>
    (await statusOf(mine)).issues.find((issue) => issue.code === code)?.message;
  const message = await eventually(find, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: `the issue ${code}` });
  assert.match(message, /Nothing was deleted anywhere/);
  assert.match(message, /satchel (sync|start) DIR --anew/);
  await sleep(BELIEF_MS);
  await keepsEverything(other);
}

async function keepsEverything(device: Device): Promise<void> {
  const found = await readdir(device.folder, { recursive: true });
  assert.equal(found.filter((path) => /^(docs\/)?\d+\.txt$/.test(path)).length, FILES);
}

test("[FT30] a folder that is gone is asked about, and goes on when it is back", async () => {
  await using place = await openPlace();
  const pair = await openPair(place);
  const aside = join(place.directory, "aside");
  await rename(pair.mine.folder, aside);
  await writeFile(pair.other.path("meanwhile.txt"), "written meanwhile");
  await asksInstead(pair, "root_missing");
  await rename(aside, pair.mine.folder);
  await waitForEqual([pair.mine, pair.other], TIMEOUT_MS);
  assert.deepEqual((await statusOf(pair.mine)).issues, []);
});

test("[FT31] another folder in its place is asked about; nothing of it is sent, and the old one goes on when it is back", async () => {
  await using place = await openPlace();
  const pair = await openPair(place);
  const aside = join(place.directory, "aside");
  await rename(pair.mine.folder, aside);
  await mkdir(pair.mine.folder);
  await writeFile(pair.mine.path("stranger.txt"), "of another folder");
  await asksInstead(pair, "root_replaced");
  await assert.rejects(stat(pair.other.path("stranger.txt")), { code: "ENOENT" });
  await rm(pair.mine.folder, { recursive: true });
  await rename(aside, pair.mine.folder);
  await waitForEqual([pair.mine, pair.other], TIMEOUT_MS);
});

test("[FT31] [CL50] a new folder is merged on a person's word, and nothing is lost", async () => {
  await using place = await openPlace();
  const pair = await openPair(place);
  await pair.mine.stop();
  await rename(pair.mine.folder, join(place.directory, "aside"));
  await mkdir(pair.mine.folder);
  await writeFile(pair.mine.path("stranger.txt"), "of another folder");
  await writeFile(pair.mine.path("1.txt"), "another content");
  const refused = await pair.mine.run(["sync", pair.mine.folder, "--once"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /replaced[\s\S]*--anew/);
  await pair.mine.start("--anew");
  await waitForEqual([pair.mine, pair.other], TIMEOUT_MS);
  await keepsEverything(pair.other);
  const both = await Promise.all(
    ["1.txt", "1 (Conflicted copy).txt"].map((name) => readFile(pair.other.path(name), "utf8")),
  );
  assert.deepEqual(
    both.toSorted((a, b) => (a < b ? -1 : 1)),
    ["1", "another content"],
  );
  assert.equal(await readFile(pair.other.path("stranger.txt"), "utf8"), "of another folder");
});

test("[FT32] a folder that was emptied, with the engine's own or without, is asked about before anything is deleted elsewhere", async () => {
  await using place = await openPlace();
  const pair = await openPair(place);
  for (const withOwn of [false, true]) {
    const aside = join(place.directory, `aside-${String(withOwn)}`);
    await mkdir(aside);
    for (const name of await readdir(pair.mine.folder))
      if (withOwn || name !== ownFolder) await rename(pair.mine.path(name), join(aside, name));
    await asksInstead(pair, "root_emptied");
    for (const name of await readdir(aside)) await rename(join(aside, name), pair.mine.path(name));
    await waitForEqual([pair.mine, pair.other], TIMEOUT_MS);
    await pair.mine.wait(60);
    assert.deepEqual((await statusOf(pair.mine)).issues, []);
  }
});

if (!goesWithout("mount")) {
  test("[FT33] a disk that is unmounted and mounted again is asked about, then goes on", async () => {
    await using place = await openPlace();
    const disk = join(place.directory, "disk");
    await mkdir(disk);
    await mkdir(join(place.directory, "mine"));
    const onFolder = join(place.directory, "mine");
    const run = (...words: readonly [string, ...string[]]): void =>
      assert.equal(spawnSync(words[0], words.slice(1)).status, 0, words.join(" "));
    run("mount", "--bind", disk, onFolder);
    place.use({ [Symbol.asyncDispose]: async () => void spawnSync("umount", ["--lazy", onFolder]) });
    const pair = await openPair(place);
    run("umount", "--lazy", onFolder);
    await writeFile(pair.other.path("meanwhile.txt"), "written meanwhile");
    await asksInstead(pair, "root_replaced");
    run("mount", "--bind", disk, onFolder);
    await waitForEqual([pair.mine, pair.other], TIMEOUT_MS);
    assert.deepEqual((await statusOf(pair.mine)).issues, []);
  });
}
