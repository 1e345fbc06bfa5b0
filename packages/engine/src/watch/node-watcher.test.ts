import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { temporaryDirectory, testRuns, type TemporaryDirectory } from "@satchel/testkit";
import { seenFile, seenFolder, type Seen, type Watcher, type WatchMode } from "../ports/watcher.ts";
import { openNodeDisk } from "../disk/node-disk.ts";
import { createNodeWatcher } from "./node-watcher.ts";

/** Far longer than anything takes, so that only what never comes fails. */
const patienceMs = 20_000;

let directory: TemporaryDirectory;
let watcher: Watcher;
let told: Set<string>;
let anythings: number;
let modes: WatchMode[];

beforeEach(async () => {
  directory = await temporaryDirectory("watch");
  mkdirSync(directory.join("root"));
  watcher = createNodeWatcher(directory.join("root"));
  told = new Set();
  anythings = 0;
  modes = [];
});

afterEach(async () => {
  await watcher.stop();
  await directory.remove();
});

async function start(): Promise<WatchMode> {
  return watcher.start(
    (paths) => {
      if (paths === undefined) anythings += 1;
      else for (const path of paths) told.add(path);
    },
    (mode) => modes.push(mode),
  );
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, what);
    await wait(2);
  }
}

const write = (path: string): void => writeFileSync(directory.join("root", path), "x");
const makeFolder = (path: string): void => void mkdirSync(directory.join("root", path), { recursive: true });

/** A folder that had nothing in it when it was found is told by its name alone. */
const isTold = (folder: string): boolean => told.has(`${folder}/`) || told.has(folder);

/** What comes while watching is taken up again is told as "anything"; soon after, names are told. */
async function untilNamesAreTold(): Promise<void> {
  for (let nth = 0; !told.has(`later-${nth - 1}`); nth += 1) {
    const before = anythings;
    write(`later-${nth}`);
    await until(() => told.has(`later-${nth}`) || anythings > before, "a write after all that");
  }
}

test("[DK21] tells writes, renames and removals, in old folders and in new ones", async () => {
  makeFolder("old/deep");
  assert.deepEqual(await start(), { mode: "watching" });
  write("old/deep/a");
  await until(() => told.has("old/deep/a"), "a write in an old folder");
  makeFolder("new/one");
  await until(() => isTold("new"), "a new folder, with all that is in it");
  write("new/one/b");
  await until(() => told.has("new/one/b"), "a write in a new folder");
  told.clear();
  renameSync(directory.join("root/new/one/b"), directory.join("root/c"));
  await until(() => told.has("c") && told.has("new/one/b"), "both ends of a rename");
  told.clear();
  rmSync(directory.join("root/c"));
  await until(() => told.has("c"), "a removal");
});

test("[DK32] a file that came is told as it is", async () => {
  const seen = new Map<string, Seen>();
  const disk = openNodeDisk({ root: directory.join("root") });
  try {
    await watcher.start((_paths, found) => found?.forEach((file, path) => seen.set(path, file)));
    writeFileSync(directory.join("aside"), "x");
    renameSync(directory.join("aside"), directory.join("root/a"));
    const there = await disk.stat("a");
    assert.ok(there);
    // Where the system's watches reach all that is below a folder, nobody looks.
    if (process.platform === "linux") await until(() => seen.get("a") === seenFile(there), "the file as it is");
  } finally {
    await disk.close();
  }
});

test("[DK26] a folder that comes with something in it is told with that, an empty one as it is", async () => {
  const seen = new Map<string, Seen>();
  const disk = openNodeDisk({ root: directory.join("root") });
  try {
    await watcher.start((paths, found) => {
      for (const path of paths ?? []) told.add(path);
      found?.forEach((what, path) => seen.set(path, what));
    });
    mkdirSync(directory.join("full"));
    writeFileSync(directory.join("full/a"), "x");
    renameSync(directory.join("full"), directory.join("root/full"));
    mkdirSync(directory.join("root/empty"));
    const there = await disk.stat("empty");
    assert.ok(there);
    await until(() => isTold("full") && isTold("empty"), "both folders");
    if (process.platform !== "linux") return;
    assert.ok(told.has("full/"));
    assert.deepEqual([seen.get("empty"), seen.has("full")], [seenFolder(there), false]);
  } finally {
    await disk.close();
  }
});

test("[DK26] a folder that was emptied elsewhere and comes back is told with all below it", async () => {
  const seen = new Map<string, Seen>();
  makeFolder("a");
  write("a/b");
  await watcher.start((paths, found) => {
    for (const path of paths ?? []) told.add(path);
    found?.forEach((what, path) => seen.set(path, what));
  });
  renameSync(directory.join("root/a"), directory.join("aside"));
  await until(() => told.has("a"), "that it went");
  told.clear();
  rmSync(directory.join("aside/b"));
  renameSync(directory.join("aside"), directory.join("root/a"));
  await until(() => (process.platform === "linux" ? told.has("a/") : isTold("a")), "that it came back");
  assert.equal(seen.has("a"), false);
});

test("[DK21] says nothing of the engine's own folder", async () => {
  makeFolder(".satchel/tmp");
  await start();
  write(".satchel/tmp/x");
  write("x");
  await until(() => told.has("x"), "the write beside it");
  assert.deepEqual([...told], ["x"]);
});

test("[DK21] a burst while the program is busy loses nothing", async () => {
  for (let folder = 0; folder < 20; folder += 1) makeFolder(`f${folder}`);
  await start();
  const paths = Array.from({ length: testRuns(1500) }, (_, index) => `f${index % 20}/${index}`);
  for (const path of paths) write(path);
  await until(() => anythings > 0 || paths.every((path) => told.has(path)), "every file of the burst");
});

test("[DK23] a folder that can't be watched is told, not thrown", async () => {
  rmSync(directory.join("root"), { recursive: true });
  const mode = await start();
  assert.equal(mode.mode, "scanning");
  makeFolder("");
  await until(() => modes.at(-1)?.mode === "watching" && anythings > 0, "watching once it is there");
  await untilNamesAreTold();
});

test("[DK23] a root that is replaced is told as anything, and the new one is watched", async () => {
  await start();
  renameSync(directory.join("root"), directory.join("moved"));
  await until(() => anythings > 0 && modes.at(-1)?.mode === "scanning", "the old root's end");
  makeFolder("");
  await until(() => modes.at(-1)?.mode === "watching", "the new root");
  await untilNamesAreTold();
});

test("[DK26] a folder that is moved is watched at its new place, with what is in it, and no more at its old one", async () => {
  makeFolder("a/deep/deeper");
  makeFolder("b");
  await start();
  renameSync(directory.join("root/a/deep"), directory.join("root/b/moved"));
  await until(() => told.has("a/deep") && told.has("b/moved/"), "both ends of the move");
  told.clear();
  write("b/moved/deeper/x");
  await until(() => told.has("b/moved/deeper/x"), "a write in the moved folder");
  assert.deepEqual([...told], ["b/moved/deeper/x"]);
});

test("[DK21] a folder that takes another's name at once is watched", async () => {
  makeFolder("a/inner");
  makeFolder("b/inner");
  await start();
  renameSync(directory.join("root/a"), directory.join("root/c"));
  renameSync(directory.join("root/b"), directory.join("root/a"));
  await until(() => told.has("a/") && told.has("c/"), "both folders");
  told.clear();
  write("a/inner/x");
  write("c/inner/y");
  await until(() => told.has("a/inner/x") && told.has("c/inner/y"), "a write in each");
});

test("[DK26] a thousand folders that go cost no more than the names of them", async () => {
  for (let folder = 0; folder < 1000; folder += 1) makeFolder(`tree/${folder % 10}/${folder}`);
  await start();
  rmSync(directory.join("root/tree"), { recursive: true });
  await until(() => anythings > 0 || told.has("tree"), "the tree's end");
  await untilNamesAreTold();
});

test("[DK27] a folder with too long a path to be watched costs no other its watch, whether it is there or comes", async () => {
  const name = "n".repeat(250);
  const half = Array.from({ length: 9 }, () => name).join("/");
  mkdirSync(directory.join("aside", half), { recursive: true });
  makeFolder(half);
  // Each half can be named, and both together can not.
  const [aside, inside] = [directory.join("aside", name), directory.join("root", half, name)];
  renameSync(aside, inside);
  try {
    assert.deepEqual(await start(), { mode: "watching" });
    write("beside");
    await until(() => told.has("beside"), "what is beside it");
    renameSync(inside, aside);
    await until(() => told.has(`${half}/${name}`), "that it went");
    renameSync(aside, inside);
    await until(() => told.has(`${half}/${name}/`), "that it came");
    write("later");
    await until(() => told.has("later"), "what came later");
    assert.deepEqual([modes, anythings], [[], 0]);
  } finally {
    // A path that can't be named can't be removed.
    renameSync(inside, aside);
  }
});

test("a watcher that was stopped is silent", async () => {
  await start();
  await watcher.stop();
  write("x");
  await wait(50);
  assert.deepEqual([told.size, anythings], [0, 0]);
});

test("[DK21] goes on watching when folders become files under its eyes", async () => {
  await start();
  for (let round = 0; round < 20; round += 1) {
    makeFolder("shape/inner");
    write("shape/inner/a");
    await until(() => isTold("shape") || anythings > 0, "the folder");
    rmSync(directory.join("root", "shape"), { recursive: true });
    write("shape");
    rmSync(directory.join("root", "shape"));
  }
  await untilNamesAreTold();
});

test("[DK23] tells when the folder was moved away and another one put in its place", async () => {
  await start();
  renameSync(directory.join("root"), directory.join("moved"));
  mkdirSync(directory.join("root"));
  await until(() => anythings > 0, "the replaced folder");
});
