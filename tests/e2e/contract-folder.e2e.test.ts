import assert from "node:assert/strict";
import { lstat, mkdir, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { satchel, runSatchel } from "./support/satchel-command.ts";
import { openStage } from "./support/stage.ts";

// What a synced folder keeps, and what the command says, by the words of the contract.

test("[DK17] names, times, modes and links of every kind are the same on the other device", async () => {
  await using stage = await openStage({ devices: ["a", "b"] });
  const a = stage.device("a");
  const names = ["caf\u00e9", "cafe\u0301", "new\nline", "back\\slash", "trail ", " lead", ".dot", "a:b", "CON", "-x"];
  for (const [index, name] of [...names, "x".repeat(255), "\u00e9".repeat(127)].entries()) {
    await writeFile(a.path(name), `content ${index}`);
    // Seconds as a floating-point number, as most programs set times, miss many milliseconds by a little.
    const seconds = 1_700_000_000 + (index * 83 + 1) / 1000;
    await utimes(a.path(name), seconds, seconds);
  }
  await writeFile(a.path("empty.sh"), "", { mode: 0o755 });
  await mkdir(a.path("empty", "folder"), { recursive: true });
  await symlink("nowhere", a.path("dangling"));
  await symlink("/etc", a.path("absolute"));
  await symlink("empty", a.path("to-folder"));
  await stage.waitForEqual(20_000);
});

test("[EN41] [CL18] a folder that was emptied while nothing ran is told by status, and nothing is deleted", async () => {
  await using stage = await openStage({ devices: ["a", "b"] });
  const [a, b] = [stage.device("a"), stage.device("b")];
  await writeFile(a.path("kept.txt"), "kept");
  await stage.waitForEqual(20_000);
  await a.stop();
  for (const name of await readdir(a.folder)) await rm(a.path(name), { recursive: true });
  const refused = await a.run(["sync", a.folder, "--once"]);
  assert.equal(refused.code, 1);
  const status = await a.run(["status", "--json"]);
  assert.equal(status.code, 1);
  assert.match(status.stdout, /"state":"error".*"code":"root_emptied"/);
  await b.wait(20);
  assert.equal((await lstat(b.path("kept.txt"))).size, 4);
});

test("[CL8] [CL2] --home stands before the command as well, and restore --version needs no path", async () => {
  await using stage = await openStage({ devices: ["a"], start: false });
  const { home } = stage.device("a");
  assert.match(await satchel(["--home", home, "token"]), /^\S+\n$/);
  const version = await runSatchel(["restore", "--version"]);
  assert.deepEqual([version.code, version.stderr], [0, ""]);
  assert.equal(version.stdout, (await runSatchel(["--version"])).stdout);
});
