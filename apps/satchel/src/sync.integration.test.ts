import assert from "node:assert/strict";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import type { TemporaryDirectory } from "@satchel/testkit";
import { runningSatchel, satchel } from "./run-satchel.fixture.ts";
import type { Finished, RunningSatchel } from "./run-satchel.fixture.ts";

/** `up` on folder `a`, and a function that runs commands of a second device. */
async function startUp(directory: TemporaryDirectory): Promise<{ up: RunningSatchel; code: string }> {
  const args = ["up", directory.join("a"), "--data", directory.join("data"), "--listen", "127.0.0.1:0"];
  const up = runningSatchel(args, { home: directory.join("up-home") });
  const [, code] = await up.line(/^satchel join (\S+)$/);
  return { up, code: code ?? "" };
}

test("[CL27] up makes an account and a code, syncs, and finds all again at the second start", async () => {
  await using directory = await temporaryDirectory("up");
  const home = directory.join("home");
  const device = (...args: string[]): Promise<Finished> =>
    satchel([...args, "--home", home], { home, cwd: directory.path });
  await mkdir(directory.join("a"));
  await writeFile(directory.join("a", "from-a.txt"), "a");
  {
    const { up, code } = await startUp(directory);
    await using running = up;
    assert.match(running.lines[0] ?? "", /^Satchel is ready at http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await stat(directory.join("data", "first-password"))).mode & 0o777, 0o600);
    const joined = await device("join", code, "b", "--background");
    assert.equal(joined.code, 0, joined.err);
    assert.equal((await device("wait", "--timeout", "30")).code, 0);
    assert.equal(await readFile(directory.join("b", "from-a.txt"), "utf8"), "a");
    assert.equal((await device("stop")).code, 0);
    const again = await satchel(["join", code, "c"], { home: directory.join("other") });
    assert.equal(again.code, 1, "a code is good once");
    const { code: exit } = await running.stop("SIGINT");
    assert.equal(exit, 0);
  }
  const { up, code } = await startUp(directory);
  await using running = up;
  const joined = await satchel(["join", code, directory.join("c"), "--background"], { home: directory.join("third") });
  assert.equal(joined.code, 0, joined.err);
  assert.equal((await satchel(["wait"], { home: directory.join("third") })).code, 0);
  assert.equal(await readFile(directory.join("c", "from-a.txt"), "utf8"), "a");
  assert.equal((await satchel(["stop"], { home: directory.join("third") })).code, 0);
  assert.equal((await running.stop()).code, 0);
});

test("[CL8] [CL14] up keeps its device in the home, and refuses one that is logged in elsewhere", async () => {
  await using directory = await temporaryDirectory("up");
  {
    const { up } = await startUp(directory);
    await using _running = up;
    const wait = async (): Promise<Finished> => await satchel(["wait"], { home: directory.join("up-home") });
    // The line with the code comes before the sync.
    for (let tries = 0; (await wait()).code !== 0; tries += 1) assert.ok(tries < 50, "no sync in up's home");
    const status = await satchel(["status", "--json"], { home: directory.join("up-home") });
    assert.equal(status.code, 0, status.err);
    assert.equal((JSON.parse(status.out) as { folder: string }).folder, directory.join("a"));
  }
  const words = ["up", directory.join("b"), "--data", directory.join("other"), "--listen", "127.0.0.1:0"];
  const refused = await satchel([...words, "--home", directory.join("up-home")], { home: directory.join("free") });
  assert.equal(refused.code, 1);
  assert.match(refused.err, /This home is logged in as \S+ at [^\n]+\n$/);
});

test("[CL20] [CL10] a background sync is started, refuses company, is told by its log, and is stopped", async () => {
  await using directory = await temporaryDirectory("bg");
  const { up, code } = await startUp(directory);
  await using _running = up;
  const home = directory.join("home");
  const device = (...args: string[]): Promise<Finished> => satchel(args, { home, cwd: directory.path });
  assert.equal((await device("join", code, "b", "--background", "--json")).code, 0);
  for (const second of [
    ["start", "b"],
    ["sync", "b"],
    ["sync", "elsewhere", "--once"],
  ]) {
    const { code: exit, err } = await device(...second);
    assert.equal(exit, 1);
    assert.match(err, /is running already/);
  }
  assert.equal((await device("stop")).code, 0);
  assert.match(await readFile(directory.join("home", "logs", "sync.log"), "utf8"), /is kept the same as/);
  const stopped = await device("status", "--json");
  assert.equal(stopped.code, 1);
  assert.equal((JSON.parse(stopped.out) as { folder: string }).folder, directory.join("b"));
  await device("logout");
  const refused = await device("start", "b");
  assert.equal(refused.code, 3, "its own reason and exit code");
  assert.match(refused.err, /^This device is not logged in[^\n]+\n$/);
});

test("[CL29] what a rule leaves out stays here, and the rule is named", async () => {
  await using directory = await temporaryDirectory("ign");
  const { up, code } = await startUp(directory);
  await using _running = up;
  const home = directory.join("home");
  const device = (...args: string[]): Promise<Finished> => satchel(args, { home, cwd: directory.join("b") });
  await mkdir(directory.join("b", "build"), { recursive: true });
  await writeFile(directory.join("b", ".satchelignore"), "build/\n*.log\n");
  for (const name of ["build/x", "a.log", "kept.txt"]) await writeFile(directory.join("b", name), name);
  assert.equal((await device("join", code, ".", "--background")).code, 0);
  assert.equal((await device("wait", "--timeout", "30")).code, 0);
  assert.equal((await device("stop")).code, 0);
  const listed = JSON.parse((await device("ls", "--json")).out) as { path: string }[];
  assert.deepEqual(
    listed.map(({ path }) => path),
    ["/.satchelignore", "/kept.txt"],
  );
  assert.deepEqual(JSON.parse((await device("ignore", "test", "build/x", "--json")).out), {
    path: "build/x",
    ignored: true,
    rule: "build/",
    source: ".satchelignore:1",
  });
  assert.match(
    (await device("ignore", "test", "a.log")).out,
    /^a\.log is left out by \*\.log \(\.satchelignore:2\)\n$/,
  );
  const kept = await device("ignore", "test", "kept.txt");
  assert.deepEqual([kept.code, kept.out], [1, ""]);
});

test("[CL5] [CL22] sync --once ends when all is equal, and tells events as JSON lines", async () => {
  await using directory = await temporaryDirectory("once");
  const { up, code } = await startUp(directory);
  await using _running = up;
  const home = directory.join("home");
  await satchel(["join", code, "b", "--background"], { home, cwd: directory.path });
  await satchel(["stop"], { home });
  await writeFile(directory.join("b", "new.txt"), "new");
  const once = await satchel(["sync", "b", "--once", "--json"], { home, cwd: directory.path });
  assert.equal(once.code, 0, once.err);
  assert.equal(once.err, "");
  const events = once.out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string });
  assert.equal(events[0]?.event, "ready");
  const got = await satchel(["get", "/new.txt", directory.join("got")], { home });
  assert.equal(got.code, 0, got.err);
  assert.equal(await readFile(directory.join("got"), "utf8"), "new");
  assert.ok((await readdir(directory.join("b"))).includes("new.txt"));
});
