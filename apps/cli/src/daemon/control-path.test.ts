import assert from "node:assert/strict";
import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { findHome } from "../home/home.ts";
import { controlPath } from "./control-path.ts";

const homeAt = (path: string) => findHome({ home: path, env: {}, cwd: "/" });

test("[CL16] the socket is in the home where its path is short enough", async () => {
  assert.equal(await controlPath(homeAt("/var/home"), {}), "/var/home/daemon.sock");
});

test("[CL16] else it is in a short directory of the user's own, one for each home", async () => {
  await using directory = await temporaryDirectory("ctl");
  const env = { XDG_RUNTIME_DIR: directory.path };
  const long = `/${"long/".repeat(40)}`;
  const path = await controlPath(homeAt(`${long}a`), env);
  assert.ok(path.startsWith(directory.path) && Buffer.byteLength(path) <= 103, path);
  assert.equal(await controlPath(homeAt(`${long}a`), env), path);
  assert.notEqual(await controlPath(homeAt(`${long}b`), env), path);
  assert.equal((await stat(dirname(path))).mode & 0o777, 0o700);
});

test("[CL16] a directory that is open to others is not used", async () => {
  await using directory = await temporaryDirectory("ctl");
  const own = directory.join(`satchel-${process.getuid?.() ?? 0}`);
  await mkdir(own);
  await chmod(own, 0o777);
  const env = { XDG_RUNTIME_DIR: directory.path };
  await assert.rejects(controlPath(homeAt(`/${"long/".repeat(40)}`), env), { name: "CommandError", exitCode: 1 });
});
