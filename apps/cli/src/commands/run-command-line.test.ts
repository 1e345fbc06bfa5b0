import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { fakeTerminal } from "../output/fake-terminal.fixture.ts";
import { fakeContext, runClient } from "./fake-context.fixture.ts";

const commands = (
  "login logout token join invite sync start stop status wait pause resume " +
  "ls get put mkdir mv rm versions restore trash conflicts ignore completion"
).split(" ");
const levels = [[], ...commands.map((command) => [command]), ["ignore", "test"]];

test("[CL2] --help works on every level, on stdout", async () => {
  for (const level of levels) {
    const context = fakeContext("/nowhere");
    assert.equal(await runClient([...level, "--help"], context), 0, level.join(" "));
    assert.match(context.terminal.out.join("\n"), new RegExp(`^Usage: satchel ${level.join(" ")}`));
    assert.deepEqual(context.terminal.notes, []);
  }
});

test("[CL2] --version works on every level, on stdout", async () => {
  for (const level of levels) {
    const context = fakeContext("/nowhere");
    assert.equal(await runClient([...level, "--version"], context), 0, level.join(" "));
    assert.deepEqual(context.terminal.out, ["1.2.3"]);
  }
});

test("[CL2] restore --version after a path is the program's version, too", async () => {
  const context = fakeContext("/nowhere");
  assert.equal(await runClient(["restore", "/a", "--version"], context), 0);
  assert.deepEqual(context.terminal.out, ["1.2.3"]);
});

test("[CL8] --home and --json stand before or after the command; the one after it wins", async () => {
  await using home = await temporaryDirectory("cli");
  await mkdir(home.join("lost"));
  await writeFile(home.join("lost", "login.json"), "no login");
  const lost = home.join("lost");
  const codes = async (args: string[]): Promise<number> => await runClient(args, fakeContext(home.path));
  assert.equal(await codes(["--home", lost, "ls"]), 1, "the login there can't be read");
  assert.equal(await codes(["ls", "--home", lost]), 1);
  assert.equal(await codes(["--home", lost, "ls", "--home", home.path]), 3);
  assert.equal(await codes(["--home", lost, "ignore", "--help"]), 0);
  const context = fakeContext(home.path);
  assert.equal(await runClient(["--json", "status"], context), 1);
  assert.equal((JSON.parse(context.terminal.out.join("")) as { running: boolean }).running, false);
});

test("[CL1] wrong usage exits with 2 and says what is wrong on stderr", async () => {
  await using home = await temporaryDirectory("cli");
  const wrong = [
    ["frobnicate"],
    [],
    ["--frobnicate"],
    ["ls", "--frobnicate"],
    ["login"],
    ["sync"],
    ["get"],
    ["mv", "/a"],
    ["restore"],
    ["ls", "/a", "/b"],
    ["sync", "a", "--home"],
    ["completion", "tcsh"],
    ["login", "ftp://example.org"],
    ["login", "http://127.0.0.1:1", "--password-stdin"],
    ["join", "nonsense"],
    ["wait", "--timeout", "soon"],
    ["wait", "--timeout", "-5"],
    ["wait", "--timeout", "1e9"],
    ["ignore"],
  ];
  for (const args of wrong) {
    const context = fakeContext(home.path);
    assert.equal(await runClient(args, context), 2, args.join(" "));
    assert.deepEqual(context.terminal.out, []);
    assert.notEqual(context.terminal.notes.join("").trim(), "", args.join(" "));
  }
});

test("[CL3] commands that need a login exit with 3 without one", async () => {
  await using home = await temporaryDirectory("cli");
  const needing = [
    ["ls"],
    ["get", "/a"],
    ["put", "a"],
    ["mkdir", "/a"],
    ["mv", "/a", "/b"],
    ["rm", "/a"],
    ["versions", "/a"],
  ];
  const more = [
    ["restore", "/a"],
    ["trash"],
    ["conflicts"],
    ["token"],
    ["logout"],
    ["invite"],
    ["sync", "d", "--once"],
  ];
  for (const args of [...needing, ...more]) {
    const context = fakeContext(home.path);
    assert.equal(await runClient(args, context), 3, args.join(" "));
    assert.deepEqual(context.terminal.notes, [
      "This device is not logged in: run `satchel login URL` or `satchel join CODE` first.",
    ]);
  }
});

test("[CL3] [CL4] a server that can't be reached is exit code 4 and one sentence", async () => {
  await using home = await temporaryDirectory("cli");
  const context = fakeContext(home.path, fakeTerminal({ input: "secret\n" }));
  assert.equal(await runClient(["login", "http://127.0.0.1:1", "--user", "ada", "--password-stdin"], context), 4);
  assert.deepEqual(context.terminal.notes, [
    "The server can't be reached (nothing listens at that address): check that it runs and that its address is right.",
  ]);
});

test("[CL12] --otp and --password-stdin are of no use without --user, and a password needs somebody to ask", async () => {
  await using home = await temporaryDirectory("cli");
  const cases: [string[], string][] = [
    [["--otp", "123456"], "--otp goes with --user NAME: add it, or leave both out to use a browser."],
    [["--password-stdin"], "--password-stdin goes with --user NAME: add it."],
    [["--user", "ada"], "Nobody is there to ask: add --password-stdin."],
  ];
  for (const [options, sentence] of cases) {
    const context = fakeContext(home.path);
    assert.equal(await runClient(["login", "http://127.0.0.1:1", ...options], context), 2);
    assert.ok(context.terminal.notes.includes(sentence), context.terminal.notes.join());
  }
});

test("[CL18] status without a sync prints what is known and exits with 1", async () => {
  await using home = await temporaryDirectory("cli");
  const context = fakeContext(home.path);
  assert.equal(await runClient(["status", "--json"], context), 1);
  const [line, ...more] = context.terminal.out;
  assert.deepEqual(more, []);
  assert.deepEqual(JSON.parse(line ?? ""), {
    state: "offline",
    folder: null,
    server: null,
    user: null,
    pending: { uploads: 0, downloads: 0, bytes: 0 },
    issues: [],
    running: false,
  });
});

test("[CL19] without a sync there is nothing to wait for or to pause, and nothing to stop", async () => {
  await using home = await temporaryDirectory("cli");
  const codes = await Promise.all(
    [["wait"], ["pause"], ["resume"], ["stop"]].map((args) => runClient(args, fakeContext(home.path))),
  );
  assert.deepEqual(codes, [1, 1, 1, 0]);
});

test("[CL7] completion offers every command and its options", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const context = fakeContext("/nowhere");
    assert.equal(await runClient(["completion", shell], context), 0);
    const script = context.terminal.out.join("\n");
    for (const command of commands) assert.match(script, new RegExp(`\\b${command}\\b`), `${shell}: ${command}`);
    assert.match(script, /password-stdin/);
    assert.doesNotMatch(script, /--background.*sync|sync.*background "/);
  }
});
