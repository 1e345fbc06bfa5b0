import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import { eventually } from "./support/eventually.ts";
import type { Device } from "./support/device.ts";
import { openStage, type Stage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;

interface Issue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

suite("names and paths that the system can't tell or open", () => {
  let stage: Stage;
  let a: Device;
  let b: Device;

  before(async () => {
    stage = await openStage({ devices: ["a", "b"] });
    [a, b] = [stage.device("a"), stage.device("b")];
  });
  after(async () => {
    // No path can name all of what a test that failed may leave.
    execFileSync("rm", ["-rf", ...["short", "deeper-and-deeper", "n".repeat(255)].map((name) => a.path(name))]);
    await stage[Symbol.asyncDispose]();
  });

  async function issuesOf(device: Device): Promise<Issue[]> {
    return (JSON.parse(await device.satchel(["status", "--json"])) as { issues: Issue[] }).issues;
  }

  /** After a look at everything, since watchers don't tell of such names. */
  async function hasIssue(device: Device, isIt: (issue: Issue) => boolean): Promise<void> {
    await device.wait(60);
    assert.ok((await issuesOf(device)).some(isIt), JSON.stringify(await issuesOf(device)));
  }

  async function hasNoIssue(device: Device): Promise<void> {
    const isQuiet = async (): Promise<boolean> => (await issuesOf(device)).length === 0;
    await eventually(isQuiet, { timeoutMs: TIMEOUT_MS, what: "the issue to go" });
  }

  /** Where it is too deep, in a short sentence; that costs nothing else its watch. */
  async function isToldOfDepth(device: Device): Promise<void> {
    const issues = await issuesOf(device);
    const told = new Map(issues.map(({ code, message }) => [code, message]));
    const words =
      "the path is longer than this system can open: give the folders on the way shorter names, or move it up";
    assert.equal(told.get("entry_unreadable"), `This can't be read (${words}); it is left alone.`);
    assert.equal(told.get("not_watching"), undefined);
  }

  /** A name of bytes, in A's folder. */
  function inA(...name: number[]): Buffer {
    return Buffer.concat([Buffer.from(a.path("x").slice(0, -1)), Buffer.from(name)]);
  }

  test("[NM23] a name that is no UTF-8 is an issue, is left alone, and comes when it gets a valid one", async () => {
    const latin1 = inA(0x66, 0xfc, 0x72);
    await writeFile(latin1, "für");
    await writeFile(a.path("beside"), "beside");
    await hasIssue(a, ({ path, code }) => path === "f\u{FFFD}r" && code === "entry_unreadable");
    await eventually(async () => (await readFile(b.path("beside"), "utf8")) === "beside", {
      timeoutMs: TIMEOUT_MS,
      what: "the file beside it in B",
    });
    assert.deepEqual((await readdir(b.folder)).toSorted(), [".satchel", "beside"]);
    assert.equal(await readFile(latin1, "utf8"), "für");
    const [issue] = await issuesOf(a);
    assert.equal(issue?.message, "This can't be read (the name is not valid UTF-8); it is left alone.");
    await rename(latin1, a.path("für"));
    await a.wait(60);
    await hasNoIssue(a);
    await stage.waitForEqual(TIMEOUT_MS);
    assert.equal(await readFile(b.path("für"), "utf8"), "für");
  });

  test("[NM23] what is in a folder whose name is no UTF-8 is left alone, too, also by those who delete beside it", async () => {
    const folder = inA(0xff, 0xfe);
    await mkdir(folder);
    await writeFile(Buffer.concat([folder, Buffer.from("/inside")]), "inside");
    await rm(a.path("beside"));
    await hasIssue(a, ({ code }) => code === "entry_unreadable");
    await eventually(() => Promise.resolve(!existsSync(b.path("beside"))), {
      timeoutMs: TIMEOUT_MS,
      what: "it to go in B",
    });
    assert.equal(await readFile(Buffer.concat([folder, Buffer.from("/inside")]), "utf8"), "inside");
    await rm(folder, { recursive: true });
    await a.wait(60);
    await hasNoIssue(a);
  });

  test("names of 255 bytes, of any characters, go through", async () => {
    for (const name of ["x".repeat(255), "ü".repeat(127), "\u{1F600}".repeat(63), `${"y".repeat(251)}.txt`]) {
      await writeFile(a.path(name), name);
    }
    await stage.waitForEqual(TIMEOUT_MS);
    assert.equal((await readdir(b.folder)).length, 6);
    for (const name of await readdir(a.folder)) if (name !== ".satchel") await rm(a.path(name));
    await writeFile(a.path("kept"), "kept");
    await stage.waitForEqual(TIMEOUT_MS);
  });

  test("[NM22] a path of more than 4,096 bytes is an issue in words, and everything that can be opened is synchronised", async () => {
    nest(a.folder, "n".repeat(255), 20);
    await writeFile(a.path("beside"), "beside");
    await a.wait(60);
    await isToldOfDepth(a);
    await b.wait(60);
    const there = deepest(b.folder, "n".repeat(255));
    assert.ok(there >= 14 && there <= 16, `${there} levels`);
    assert.equal(await readFile(b.path("beside"), "utf8"), "beside");
    await rename(a.path("n".repeat(255)), a.path("short"));
    await a.wait(60);
    assert.equal(deepest(a.folder, "short"), 20);
    execFileSync("rm", ["-r", a.path("short")]);
    await a.wait(60);
    await stage.waitForEqual(TIMEOUT_MS);
    await hasNoIssue(a);
  });

  test("[NM22] folders 10,000 deep are refused politely, and go away without harm", async () => {
    // B is spared: hundreds of levels are made there one by one, which shows nothing that sixteen don't.
    await b.stop();
    nest(a.folder, "deeper-and-deeper", 10_000);
    await writeFile(a.path("later"), "later");
    await a.wait(240);
    await isToldOfDepth(a);
    assert.match(await a.satchel(["ls", "/"]), /later/);
    assert.equal(deepest(a.folder, "deeper-and-deeper"), 10_000);
    execFileSync("rm", ["-r", a.path("deeper-and-deeper")]);
    await a.wait(240);
    await hasNoIssue(a);
    await b.start();
    await stage.waitForEqual(TIMEOUT_MS);
  });
});

/** Folders in one another, made step by step, as no path can name the last of them. */
function nest(folder: string, name: string, depth: number): void {
  stepByStep("for (let n = 0; n < depth; n += 1) { mkdirSync(name); process.chdir(name); }", { folder, name, depth });
}

/** How many folders are in one another, whatever they are called. */
function deepest(folder: string, first: string): number {
  const told = stepByStep(
    "let n = 1; process.chdir(name); for (let [next] = readdirSync('.'); next; [next] = readdirSync('.')) { process.chdir(next); n += 1; } console.log(n);",
    { folder, name: first, depth: 0 },
  );
  return Number(told);
}

function stepByStep(loop: string, given: { folder: string; name: string; depth: number }): string {
  const { folder, name, depth } = given;
  const program = `const { mkdirSync, readdirSync } = require("node:fs"); const [name, depth] = ${JSON.stringify([name, depth])}; ${loop}`;
  return execFileSync(process.execPath, ["-e", program], { cwd: folder, encoding: "utf8" });
}
