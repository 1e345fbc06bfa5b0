import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { openStage, type Stage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
const TIMEOUT_SECONDS = TIMEOUT_MS / 1000;

suite("what a device leaves out", () => {
  let stage: Stage;
  let a: Device;
  let b: Device;

  before(async () => {
    stage = await openStage({ devices: ["a", "b"] });
    [a, b] = [stage.device("a"), stage.device("b")];
  });
  after(async () => await stage[Symbol.asyncDispose]());

  async function names(device: Device, ...path: string[]): Promise<string[]> {
    return (await readdir(device.path(...path))).filter((name) => name !== ".satchel").toSorted();
  }
  async function isGone(device: Device, name: string): Promise<void> {
    const look = async (): Promise<boolean> => !(await names(device)).includes(name);
    await eventually(look, { timeoutMs: TIMEOUT_MS, what: `${name} to go from ${device.name}` });
  }
  /** A folder with two files, on both devices. */
  async function shareFolder(name: string): Promise<void> {
    await mkdir(a.path(name, "inner"), { recursive: true });
    await writeFile(a.path(name, "one.txt"), `one of ${name}`);
    await writeFile(a.path(name, "inner", "two.txt"), `two of ${name}`);
    await a.wait(TIMEOUT_SECONDS);
    await b.wait(TIMEOUT_SECONDS);
    await stage.waitForEqual(TIMEOUT_MS);
  }

  test("[CL31] a folder that is left out goes from this device only, and comes back with all that others did", async () => {
    await shareFolder("photos");
    const said = await b.run(["exclude", "add", b.path("photos")]);
    assert.equal(said.code, 0, said.stderr);
    assert.match(said.stderr, /exclude remove photos/);
    await isGone(b, "photos");
    await b.wait(TIMEOUT_SECONDS);
    assert.deepEqual(await names(a, "photos"), ["inner", "one.txt"]);
    await writeFile(a.path("photos", "three.txt"), "three");
    await rename(a.path("photos"), a.path("pictures"));
    await a.wait(TIMEOUT_SECONDS);
    await b.wait(TIMEOUT_SECONDS);
    assert.deepEqual(await names(b), []);
    const status = JSON.parse(await b.satchel(["status", "--json"])) as { state: string; issues: unknown[] };
    assert.deepEqual([status.state, status.issues], ["synced", []]);
    const item = JSON.parse(await b.satchel(["status", b.path("pictures"), "--json"])) as { state: string };
    assert.equal(item.state, "excluded");
    assert.match(await b.satchel(["exclude", "list"]), /pictures \(was photos\)/);
    await b.satchel(["exclude", "remove", "/pictures"]);
    await stage.waitForEqual(TIMEOUT_MS);
    assert.equal(await readFile(b.path("pictures", "inner", "two.txt"), "utf8"), "two of photos");
    assert.deepEqual(JSON.parse(await b.satchel(["exclude", "list", "--json"])), []);
  });

  test("[CL31] what was not sent yet is sent before it goes, and survives kills on the way", async () => {
    await shareFolder("work");
    const network = stage.network("b");
    network.cut();
    await writeFile(b.path("work", "draft.txt"), "only here");
    await writeFile(b.path("work", "one.txt"), "edited here");
    await b.satchel(["exclude", "add", "/work"]);
    await b.kill();
    assert.equal(await readFile(b.path("work", "draft.txt"), "utf8"), "only here");
    network.heal();
    await b.start();
    await isGone(b, "work");
    await a.wait(TIMEOUT_SECONDS);
    assert.equal(await readFile(a.path("work", "draft.txt"), "utf8"), "only here");
    assert.equal(await readFile(a.path("work", "one.txt"), "utf8"), "edited here");
    await b.kill();
    await b.satchel(["exclude", "remove", "/work"]);
    await b.start();
    await stage.waitForEqual(TIMEOUT_MS);
  });

  test("[CL31] a new folder of an excluded name is an issue, and mixes with nothing", async () => {
    await shareFolder("music");
    await b.satchel(["exclude", "add", "/music"]);
    await isGone(b, "music");
    await mkdir(b.path("music"));
    await writeFile(b.path("music", "mine.txt"), "mine");
    const issue = await eventually(
      async () => {
        const { issues } = JSON.parse(await b.satchel(["status", "--json"])) as { issues: { code: string }[] };
        return issues.find(({ code }) => code === "name_excluded");
      },
      { timeoutMs: TIMEOUT_MS, what: "the issue" },
    );
    assert.match(JSON.stringify(issue), /rename it/);
    assert.deepEqual(await names(a, "music"), ["inner", "one.txt"]);
    await rename(b.path("music"), b.path("my music"));
    await b.wait(TIMEOUT_SECONDS);
    await a.wait(TIMEOUT_SECONDS);
    assert.deepEqual(await names(a, "my music"), ["mine.txt"]);
    await b.satchel(["exclude", "remove", "/music"]);
    await stage.waitForEqual(TIMEOUT_MS);
  });

  test("[CL31] a folder around what is left out is not deleted on the server", async () => {
    await shareFolder("outer");
    await b.satchel(["exclude", "add", "/outer/inner"]);
    await eventually(async () => !(await names(b, "outer")).includes("inner"), {
      timeoutMs: TIMEOUT_MS,
      what: "inner to go",
    });
    await rm(b.path("outer"), { recursive: true });
    await b.wait(TIMEOUT_SECONDS);
    await a.wait(TIMEOUT_SECONDS);
    assert.deepEqual(await names(a, "outer"), ["inner"]);
    assert.equal(await readFile(a.path("outer", "inner", "two.txt"), "utf8"), "two of outer");
    await b.satchel(["exclude", "remove", "/outer/inner"]);
    await stage.waitForEqual(TIMEOUT_MS);
  });

  test("[CL31] what comes back uses what this device has", async () => {
    await mkdir(a.path("big"));
    await writeFile(a.path("big", "data.bin"), randomBytes(3_000_000));
    await a.wait(TIMEOUT_SECONDS);
    await b.wait(TIMEOUT_SECONDS);
    await mkdir(b.path("kept"));
    await writeFile(b.path("kept", "copy.bin"), await readFile(b.path("big", "data.bin")));
    await b.wait(TIMEOUT_SECONDS);
    await b.satchel(["exclude", "add", "/big"]);
    await isGone(b, "big");
    const network = stage.network("b");
    const before = network.receivedBytes();
    await b.satchel(["exclude", "remove", "/big"]);
    await stage.waitForEqual(TIMEOUT_MS);
    assert.ok(network.receivedBytes() - before < 300_000, `${network.receivedBytes() - before} bytes were fetched`);
  });

  test("[CL1] what can't be left out is refused with the reason", async () => {
    const nowhere = await b.run(["exclude", "add", "/no such thing"]);
    assert.deepEqual([nowhere.code, nowhere.stderr.includes("satchel ls")], [1, true]);
    assert.equal((await b.run(["exclude", "add", b.folder])).code, 2);
    assert.equal((await b.run(["exclude", "remove", "/never"])).code, 1);
    assert.equal((await b.run(["exclude", "add", join("..", "..")], { cwd: b.folder })).code, 2);
  });
});
