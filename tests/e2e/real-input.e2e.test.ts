import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeBigFile } from "./support/big-file.ts";
import { bigFileBytes, isFullScale } from "./support/scale.ts";
import { openStage } from "./support/stage.ts";

const TIMEOUT_MS = 900_000;
/** At full scale there are more real files than this, links and folders not counted. */
const MANY_FILES = 20_000;
const checkout = fileURLToPath(new URL("../../", import.meta.url));
/** What is made while tests run, and would change under the copy. */
const NOT_COPIED = ["--exclude=./.tsbuild", "--exclude=./tests/bench/results"];

test("this checkout, with all it needs to run, and a big file are the same on three devices", async (t) => {
  await using stage = await openStage({ devices: ["a", "b", "c"], start: false, networks: false });
  const [a, b, c] = ["a", "b", "c"].map((name) => stage.device(name)) as [Device, Device, Device];
  await mkdir(a.path("checkout"));
  copyCheckout(a.path("checkout"));
  const before = gitStatus(a.path("checkout"));
  if (isFullScale) {
    // One checkout alone has fewer files than a person's work folder.
    await mkdir(a.path("work"));
    copyCheckout(a.path("work"));
    assert.ok(countFiles(a.folder) > MANY_FILES, `${countFiles(a.folder)} files`);
  }
  await makeBigFile(a.path("big.bin"), bigFileBytes, "real input");
  const startedMs = Date.now();
  for (const device of [a, b, c]) await device.start();
  for (const device of [a, b, c]) await device.wait(TIMEOUT_MS / 1000);
  t.diagnostic(`${countFiles(a.folder)} files and ${bigFileBytes} bytes more in ${Date.now() - startedMs} ms`);
  await stage.waitForEqual(TIMEOUT_MS);
  // The copy is as clean as the original is, and not one of git's objects is damaged.
  assert.equal(gitStatus(b.path("checkout")), before);
  execFileSync("git", ["fsck", "--no-dangling"], { cwd: b.path("checkout"), stdio: "pipe" });
  if (isFullScale) checkIn(b.path("checkout"));
});

type Device = ReturnType<Awaited<ReturnType<typeof openStage>>["device"]>;

/** A copy as `tar` makes it, which keeps links, modes and times. */
function copyCheckout(target: string): void {
  execFileSync("sh", ["-c", `tar -C "$0" ${NOT_COPIED.join(" ")} -cf - . | tar -C "$1" -xf -`, checkout, target]);
}

function countFiles(folder: string): number {
  return Number(execFileSync("sh", ["-c", 'find "$0" -type f | wc -l', folder], { encoding: "utf8" }));
}

function gitStatus(folder: string): string {
  return execFileSync("git", ["status", "--porcelain"], { cwd: folder, encoding: "utf8" });
}

/** The repository's whole check must be green in the copy. */
function checkIn(folder: string): void {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "check"], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
}
