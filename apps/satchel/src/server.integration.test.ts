import assert from "node:assert/strict";
import { readFile, readdir, stat, utimes, writeFile, chmod } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import type { TemporaryDirectory } from "@satchel/testkit";
import { runningSatchel, satchel } from "./run-satchel.fixture.ts";
import type { Finished, RunningSatchel } from "./run-satchel.fixture.ts";

const listen = ["--listen", "127.0.0.1:0"];

async function serve(directory: TemporaryDirectory): Promise<{ server: RunningSatchel; url: string }> {
  const server = runningSatchel(["serve", "--data", directory.join("data"), ...listen], { home: directory.join("h") });
  const [, url] = await server.line(/^Satchel is ready at (http:\/\/127\.0\.0\.1:\d+)$/);
  return { server, url: url ?? "" };
}

async function addAda(directory: TemporaryDirectory): Promise<Finished> {
  const args = [
    "admin",
    "user",
    "add",
    "ada",
    "--email",
    "ada@example.org",
    "--password-stdin",
    "--data",
    directory.join("data"),
  ];
  return satchel(args, { home: directory.join("h"), input: "correct horse\n" });
}

test("[CL26] serve says when it is ready, refuses company, and ends with 0", async () => {
  await using directory = await temporaryDirectory("serve");
  const { server, url } = await serve(directory);
  await using running = server;
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  const second = await satchel(["serve", "--data", directory.join("data"), ...listen], { home: directory.join("h") });
  assert.equal(second.code, 1);
  assert.match(
    second.err,
    /^Another Satchel server already uses .*data; stop it, or start this one with another --data\.\n$/,
  );
  const { code, out } = await running.stop();
  assert.equal(code, 0);
  assert.equal(out, `Satchel is ready at ${url}`);
});

test("[CL1] settings of a server that can't be are wrong usage", async () => {
  await using directory = await temporaryDirectory("serve");
  for (const wrong of [
    ["--listen", "nowhere"],
    ["--role", "king"],
    ["--public-url", "gopher://x"],
  ]) {
    const { code, out, err } = await satchel(["serve", "--data", directory.join("data"), ...wrong], {
      home: directory.join("h"),
    });
    assert.equal(code, 2, wrong.join(" "));
    assert.equal(out, "");
    assert.match(err, /^[A-Z-][^\n]*\.\n$/);
  }
});

test("[AP64] admin check makes nothing where there is nothing to check", async () => {
  await using directory = await temporaryDirectory("check");
  const words = ["admin", "check", "--json", "--data", directory.join("none")];
  const { code, out, err } = await satchel(words, { home: directory.join("h") });
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /^There is no server's data at [^\n]+\n$/);
  await assert.rejects(stat(directory.join("none")), { code: "ENOENT" });
});

test("accounts are added, listed, disabled and enabled, with the server running or stopped", async () => {
  await using directory = await temporaryDirectory("admin");
  const home = directory.join("h");
  const admin = (...args: string[]): Promise<Finished> =>
    satchel(["admin", ...args, "--data", directory.join("data")], { home, input: "another one\n" });
  assert.equal((await addAda(directory)).code, 0);
  const again = await addAda(directory);
  assert.equal(again.code, 1);
  assert.match(again.err, /^[^\n]+\.\n$/);
  assert.equal((await admin("user", "disable", "ada")).code, 0);
  const { url, server } = await serve(directory);
  await using _running = server;
  const login = ["login", url, "--user", "ada", "--password-stdin"];
  assert.equal((await satchel(login, { home, input: "correct horse" })).code, 1);
  assert.equal((await admin("user", "enable", "ada")).code, 0);
  assert.equal((await admin("user", "password", "ada", "--password-stdin")).code, 0);
  assert.equal((await satchel(login, { home, input: "another one\r\n" })).code, 0);
  const [ada, ...more] = JSON.parse((await admin("user", "list", "--json")).out) as Record<string, unknown>[];
  assert.deepEqual(more, []);
  assert.deepEqual(
    { name: ada?.["name"], disabled: ada?.["disabled"], admin: ada?.["admin"] },
    { name: "ada", disabled: false, admin: false },
  );
  assert.match((await admin("user", "list")).out, /^NAME +EMAIL/);
  const recorded = (await admin("audit", "--json", "--user", "ada")).out.trim().split("\n");
  assert.deepEqual(
    recorded.map((line) => (JSON.parse(line) as { action: string }).action),
    ["sign_in", "password_changed", "account_enabled", "sign_in_failed", "account_disabled", "account_created"],
  );
  assert.match((await admin("audit")).out, /^\S+Z {2}\S+ {2}signed a device in \(method=password/);
  const check = await admin("check", "--json");
  assert.equal(check.code, 0);
  assert.equal((JSON.parse(check.out) as { ok: boolean }).ok, true);
});

test("[CL24] [CL25] the tree on the server is worked on without a folder", async () => {
  await using directory = await temporaryDirectory("tree");
  const { url, server } = await serve(directory);
  await using _running = server;
  await addAda(directory);
  const home = directory.join("h");
  const run = (...args: string[]): Promise<Finished> => satchel(args, { home, cwd: directory.path });
  const done = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await run(...args);
    assert.equal(code, 0, `${args.join(" ")}: ${err}`);
    return out;
  };
  await satchel(["login", url, "--user", "ada", "--password-stdin", "--device", "laptop"], {
    home,
    input: "correct horse",
  });

  await done("mkdir", "/docs");
  assert.equal((await run("mkdir", "/docs")).code, 1);
  await done("mkdir", "-p", "/docs/deep/er");
  const modified = new Date("2026-01-31T12:00:00.250Z");
  const content = Buffer.from(Uint8Array.from({ length: 5_000_000 }, (_nothing, i) => (i * i * 31) % 251));
  await writeFile(directory.join("tool.bin"), content);
  await chmod(directory.join("tool.bin"), 0o755);
  await utimes(directory.join("tool.bin"), modified, modified);
  await done("put", "tool.bin", "/docs");
  const listed = JSON.parse(await done("ls", "/docs", "--json")) as Record<string, unknown>[];
  assert.deepEqual(
    listed.map(({ path, type, size, modified }) => ({ path, type, size, modified })),
    [
      { path: "/docs/deep", type: "folder", size: 0, modified: null },
      { path: "/docs/tool.bin", type: "file", size: content.length, modified: modified.toISOString() },
    ],
  );

  await done("get", "/docs/tool.bin", "copy.bin");
  assert.ok(content.equals(await readFile(directory.join("copy.bin"))));
  const copied = await stat(directory.join("copy.bin"));
  assert.equal(Math.floor(copied.mtimeMs), modified.getTime());
  assert.equal(copied.mode & 0o100, 0o100);

  await writeFile(directory.join("tool.bin"), "new");
  await done("put", "tool.bin", "/docs/tool.bin");
  const versions = JSON.parse(await done("versions", "/docs/tool.bin", "--json")) as {
    version: string;
    size: number;
    device: string;
  }[];
  assert.deepEqual(
    versions.map(({ size, device }) => ({ size, device })),
    [
      { size: 3, device: "laptop" },
      { size: content.length, device: "laptop" },
    ],
  );
  await done("restore", "/docs/tool.bin", "--version", versions[1]?.version ?? "");
  await done("get", "/docs/tool.bin", "back.bin");
  assert.ok(content.equals(await readFile(directory.join("back.bin"))));

  await done("mv", "/docs/tool.bin", "/docs/deep");
  await done("rm", "/docs/deep");
  assert.equal((await run("get", "/docs/deep/tool.bin")).code, 1);
  const trash = JSON.parse(await done("trash", "--json")) as { path: string }[];
  assert.deepEqual(
    trash.map(({ path }) => path),
    ["/docs/deep"],
  );
  assert.equal((await run("restore", "/docs")).code, 2, "what is not deleted needs a version or a time");
  await done("restore", "/docs/deep");
  assert.match(await done("ls", "/docs/deep"), /tool\.bin/);
  assert.deepEqual(JSON.parse(await done("conflicts", "--json")), []);
  assert.match(await done("token"), /^\S+\n$/);
  assert.deepEqual(
    (await readdir(directory.path)).toSorted(),
    ["back.bin", "copy.bin", "data", "h", "tool.bin"],
    "nothing unfinished is left",
  );

  await done("logout");
  assert.equal((await run("ls")).code, 3);
});

test("[CL14] a home that is logged in refuses another account, and keeps the first login", async () => {
  await using directory = await temporaryDirectory("other");
  const { url, server } = await serve(directory);
  await using _running = server;
  const home = directory.join("h");
  await addAda(directory);
  const bob = ["admin", "user", "add", "bob", "--email", "bob@example.org", "--password-stdin", "--data"];
  await satchel([...bob, directory.join("data")], { home, input: "battery staple" });
  const login = (user: string, input: string): Promise<Finished> =>
    satchel(["login", url, "--user", user, "--password-stdin"], { home, input });
  assert.equal((await login("ada", "correct horse")).code, 0);
  const refused = await login("bob", "battery staple");
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^This home is logged in as ada at [^\n]+\n$/);
  assert.equal((await login("ada", "correct horse")).code, 0, "the same account may log in again");
  assert.equal((await satchel(["mkdir", "/mine"], { home })).code, 0);
});

test("[CL15] a login that was revoked elsewhere is exit code 3, and can be left", async () => {
  await using directory = await temporaryDirectory("revoked");
  const { url, server } = await serve(directory);
  await using _running = server;
  await addAda(directory);
  const home = directory.join("h");
  await satchel(["login", url, "--user", "ada", "--password-stdin"], { home, input: "correct horse" });
  await satchel(["admin", "user", "disable", "ada", "--data", directory.join("data")], { home });
  const refused = await satchel(["ls"], { home });
  assert.equal(refused.code, 3);
  assert.match(refused.err, /revoked: sign in with `satchel login URL`\.\n$/);
  assert.equal((await satchel(["logout"], { home })).code, 0);
});
