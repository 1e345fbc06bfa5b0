import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { temporaryDirectory } from "@satchel/testkit";
import { runningSatchel, satchel } from "./run-satchel.fixture.ts";

test("[SE70] [SE71] [SE72] an account is exported, given up, kept and erased by command", async () => {
  await using directory = await temporaryDirectory("admin-privacy");
  const home = directory.join("h");
  const data = ["--data", directory.join("data")];
  const admin = (...args: string[]) => satchel(["admin", ...args, ...data], { home, input: "correct horse" });
  const done = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await admin(...args);
    assert.equal(code, 0, err);
    return out + err;
  };
  await done("user", "add", "ada", "--email", "ada@example.org", "--password-stdin");
  await using server = runningSatchel(["serve", ...data, "--listen", "127.0.0.1:0"], { home });
  const [, url = ""] = await server.line(/^Satchel is ready at (\S+)$/);
  await satchel(["login", url, "--user", "ada", "--password-stdin"], { home, input: "correct horse" });
  await writeFile(directory.join("file.txt"), "to be taken along");
  assert.equal((await satchel(["put", directory.join("file.txt"), "/file.txt"], { home })).code, 0);
  const archive = directory.join("ada.tar");
  await done("user", "export", "ada", archive);
  assert.equal((await stat(archive)).mode & 0o777, 0o600);
  await promisify(execFile)("tar", ["-xf", archive, "-C", directory.path]);
  assert.equal(await readFile(directory.join("files/file.txt"), "utf8"), "to be taken along");
  assert.equal((await admin("user", "export", "ada", archive)).code, 1);
  assert.equal((await admin("user", "export", "nobody", directory.join("none.tar"))).code, 1);
  await assert.rejects(stat(directory.join("none.tar")), { code: "ENOENT" });
  assert.match(await done("user", "delete", "ada"), /^ada will be erased at \S+Z: `satchel admin user keep ada`/);
  assert.match(await done("user", "keep", "ada"), /ada stays/);
  assert.match(await done("user", "delete", "ada", "--now"), /ada is erased/);
  assert.equal((await satchel(["ls"], { home })).code, 3);
  assert.doesNotMatch(await done("user", "list"), /ada/);
  assert.match(await done("check"), /all is well/);
});
