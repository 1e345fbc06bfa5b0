import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import { eventually } from "./support/eventually.ts";
import { openStage, type Stage } from "./support/stage.ts";
import type { Device } from "./support/device.ts";

const TIMEOUT_MS = 120_000;

suite("what a synced folder keeps", () => {
  let stage: Stage;
  let a: Device;
  let b: Device;

  before(async () => {
    stage = await openStage({ devices: ["a", "b"] });
    [a, b] = [stage.device("a"), stage.device("b")];
  });
  after(async () => await stage[Symbol.asyncDispose]());

  /** Waits until both folders are equal and have what `path` names. */
  async function arrives(path: string): Promise<void> {
    await eventually(async () => await lstat(b.path(path)), { timeoutMs: TIMEOUT_MS, what: `${path} in B` });
    await stage.waitForEqual(TIMEOUT_MS);
  }

  test("the executable bit, when it is set and when it is taken away", async () => {
    await writeFile(a.path("tool.sh"), "#!/bin/sh\n", { mode: 0o755 });
    await arrives("tool.sh");
    assert.equal((await stat(b.path("tool.sh"))).mode & 0o111, 0o111);
    await chmod(a.path("tool.sh"), 0o644);
    await eventually(async () => ((await stat(b.path("tool.sh"))).mode & 0o111) === 0, {
      timeoutMs: TIMEOUT_MS,
      what: "the bit to go in B",
    });
  });

  test("modification times, to the millisecond", async () => {
    await writeFile(a.path("old.txt"), "old");
    await utimes(a.path("old.txt"), 1_000_000_000.123, 1_000_000_000.123);
    await arrives("old.txt");
    assert.equal(Math.floor((await stat(b.path("old.txt"))).mtimeMs), 1_000_000_000_123);
    await utimes(a.path("old.txt"), 1_100_000_000.456, 1_100_000_000.456);
    await eventually(async () => Math.floor((await stat(b.path("old.txt"))).mtimeMs) === 1_100_000_000_456, {
      timeoutMs: TIMEOUT_MS,
      what: "the new time in B",
    });
  });

  test("symbolic links as links: dangling, to a folder, absolute", async () => {
    await mkdir(a.path("linked"));
    await symlink("nowhere/at all", a.path("dangling"));
    await symlink("linked", a.path("to-folder"));
    await symlink("/etc/hostname", a.path("absolute"));
    await writeFile(a.path("linked", "inside.txt"), "inside");
    await arrives("absolute");
    assert.ok((await lstat(b.path("to-folder"))).isSymbolicLink());
  });

  test("empty files and empty folders", async () => {
    await writeFile(a.path("empty.txt"), "");
    await mkdir(a.path("empty/deep/er"), { recursive: true });
    await arrives("empty.txt");
    await arrives("empty/deep/er");
  });

  test("names that other programs stumble over", async () => {
    const names = [
      "-rf",
      "--help",
      "a\nb",
      "tab\there",
      "back\\slash",
      "trailing space ",
      " leading space",
      "trailing dot.",
      "quote'\"",
      "star*?[x]",
      "👩‍👩‍👧 emoji.txt",
      "%2e%2e%2f",
      "a:b",
      "CON",
      "...",
      "..x",
      "\u0001control",
      "n".repeat(255),
      "ü".repeat(127),
    ];
    await mkdir(a.path("names"));
    for (const name of names) await writeFile(a.path("names", name), name);
    await arrives(`names/${"ü".repeat(127)}`);
    for (const name of names) assert.equal(await readFile(b.path("names", name), "utf8"), name);
  });

  test("two names that differ only in their Unicode form", async () => {
    await writeFile(a.path("caf\u00e9.txt"), "composed");
    await writeFile(a.path("cafe\u0301.txt"), "decomposed");
    await arrives("cafe\u0301.txt");
    await arrives("caf\u00e9.txt");
    assert.equal(await readFile(b.path("caf\u00e9.txt"), "utf8"), "composed");
    assert.equal(await readFile(b.path("cafe\u0301.txt"), "utf8"), "decomposed");
  });

  test("pipes and sockets stay where they are", async () => {
    execFileSync("mkfifo", [a.path("pipe")]);
    await writeFile(a.path("after-pipe.txt"), "after");
    await eventually(async () => await stat(b.path("after-pipe.txt")), {
      timeoutMs: TIMEOUT_MS,
      what: "the file after it",
    });
    await a.wait(30);
    await assert.rejects(lstat(b.path("pipe")), { code: "ENOENT" });
    await rm(a.path("pipe"));
  });

  test("what .satchelignore names stays where it is, and the rule itself is synced", async () => {
    await writeFile(a.path(".satchelignore"), "*.tmp-local\nbuild/\n!keep.tmp-local\n");
    await arrives(".satchelignore");
    await mkdir(a.path("build"));
    await writeFile(a.path("build", "out.bin"), "out");
    await writeFile(a.path("x.tmp-local"), "x");
    await writeFile(a.path("keep.tmp-local"), "keep");
    await eventually(async () => await stat(b.path("keep.tmp-local")), {
      timeoutMs: TIMEOUT_MS,
      what: "the kept file",
    });
    await a.wait(30);
    await assert.rejects(lstat(b.path("build")), { code: "ENOENT" });
    await assert.rejects(lstat(b.path("x.tmp-local")), { code: "ENOENT" });
    await rm(a.path("build"), { recursive: true });
    await rm(a.path("x.tmp-local"));
  });

  test("a change that keeps size and modification time", async () => {
    await writeFile(a.path("sly.txt"), "before");
    await utimes(a.path("sly.txt"), 1_200_000_000, 1_200_000_000);
    await arrives("sly.txt");
    await using file = await open(a.path("sly.txt"), constants.O_WRONLY);
    await file.write("AFTER!");
    await file.utimes(1_200_000_000, 1_200_000_000);
    await eventually(async () => (await readFile(b.path("sly.txt"), "utf8")) === "AFTER!", {
      timeoutMs: TIMEOUT_MS,
      what: "the changed content in B",
    });
  });

  test("a folder moved with all inside it, and a file that changes its type", async () => {
    await mkdir(a.path("tree/one/two"), { recursive: true });
    for (let index = 0; index < 50; index += 1) await writeFile(a.path("tree/one/two", `${index}.txt`), `${index}`);
    await arrives("tree/one/two/49.txt");
    await rename(a.path("tree"), a.path("moved-tree"));
    await arrives("moved-tree/one/two/49.txt");
    await rm(a.path("moved-tree/one"), { recursive: true });
    await writeFile(a.path("moved-tree/one"), "now a file");
    await eventually(async () => (await stat(b.path("moved-tree/one"))).isFile(), {
      timeoutMs: TIMEOUT_MS,
      what: "the file in the folder's place",
    });
    await stage.waitForEqual(TIMEOUT_MS);
  });

  test("saves as editors do them: over a new file, through a backup, in quick succession", async () => {
    for (let save = 0; save < 20; save += 1) {
      await writeFile(a.path("draft.md.new"), `draft ${save}`);
      await rename(a.path("draft.md.new"), a.path("draft.md"));
      await copyFile(a.path("draft.md"), a.path("draft.md~"));
      await rm(a.path("draft.md~"));
    }
    await eventually(async () => (await readFile(b.path("draft.md"), "utf8")) === "draft 19", {
      timeoutMs: TIMEOUT_MS,
      what: "the last draft in B",
    });
    await stage.waitForEqual(TIMEOUT_MS);
    assert.deepEqual(JSON.parse(await a.satchel(["conflicts", "--json"])), []);
  });
});

test("a synced folder that is emptied, or gone, stops the sync and deletes nothing elsewhere", async () => {
  await using stage = await openStage({ devices: ["a", "b"] });
  const [a, b] = [stage.device("a"), stage.device("b")];
  await writeFile(a.path("precious.txt"), "precious");
  await stage.waitForEqual(TIMEOUT_MS);
  await eventually(async () => await stat(b.path("precious.txt")), { timeoutMs: TIMEOUT_MS, what: "the file in B" });
  await rename(a.folder, `${a.folder}-unmounted`);
  await mkdir(a.folder);
  const hasIssue = async (): Promise<boolean> => {
    const { stdout } = await a.run(["status", "--json"]);
    const status = JSON.parse(stdout) as { state: string; issues: unknown[] };
    return status.state === "error" && status.issues.length > 0;
  };
  await eventually(hasIssue, { timeoutMs: TIMEOUT_MS, what: "status to name the folder that is gone" });
  await b.wait(30);
  assert.equal(await readFile(b.path("precious.txt"), "utf8"), "precious");
  await rm(a.folder, { recursive: true });
  await rename(`${a.folder}-unmounted`, a.folder);
  await writeFile(a.path("later.txt"), "later");
  await eventually(async () => await stat(b.path("later.txt")), { timeoutMs: TIMEOUT_MS, what: "sync to go on" });
  await stage.waitForEqual(TIMEOUT_MS);
});

test("two folders that both have files are merged, losing none", async () => {
  await using stage = await openStage({ devices: ["a", "b"], start: false });
  const [a, b] = [stage.device("a"), stage.device("b")];
  for (const device of [a, b]) {
    await mkdir(device.path("shared"));
    await writeFile(device.path("shared", "same.txt"), "same");
    await writeFile(device.path("shared", `only-${device.name}.txt`), device.name);
    await writeFile(device.path("different.txt"), `of ${device.name}`);
  }
  await a.start();
  await a.wait(30);
  await b.start();
  await b.wait(30);
  await stage.waitForEqual(TIMEOUT_MS);
  assert.equal(await readFile(b.path("different.txt"), "utf8"), "of a");
  assert.equal(await readFile(a.path("different (Conflicted copy).txt"), "utf8"), "of b");
  assert.equal(await readFile(a.path("shared/only-b.txt"), "utf8"), "b");
  await assert.rejects(stat(a.path("shared/same (Conflicted copy).txt")), { code: "ENOENT" });
});
