import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import { DiskError, linuxNames, macosNames, windowsNames } from "@satchel/engine";
import { seededRandom, type SeededRandom } from "@satchel/testkit";
import { eventually } from "./support/eventually.ts";
import { openStage, type Stage } from "./support/stage.ts";
import { openVirtualDevice, type VirtualDevice } from "./support/virtual-device.ts";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const rounds = 40;
/** Names that one of the systems can't hold, or takes for another of them. */
const hostileNames =
  "a:b|CON|con.txt|end.|end |wh?t|readme|README|ReadMe|é|e\u{301}|É|‛90s|‛：|x\ny|plain|a‛：b|..‛．".split("|");

suite("devices whose disks hold other names", () => {
  let stage: Stage;
  let linux: VirtualDevice;
  let windows: VirtualDevice;
  let mac: VirtualDevice;
  let all: VirtualDevice[];

  before(async () => {
    stage = await openStage({ devices: ["linux", "windows", "mac"], start: false });
    linux = await openVirtualDevice(stage.device("linux"), linuxNames);
    windows = await openVirtualDevice(stage.device("windows"), windowsNames);
    mac = await openVirtualDevice(stage.device("mac"), macosNames);
    all = [linux, windows, mac];
  });
  after(async () => {
    for (const device of all) await device[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for (const path of linux.files.snapshot().keys()) if (!path.includes("/")) linux.files.remove(path);
    linux.files.writeFile("kept", text("kept"));
    await settle();
  });

  /** All come into step, one after the other until nobody has news. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      for (const { engine } of all) assert.equal(await engine.waitSynced(), "synced", JSON.stringify(engine.status()));
    }
    for (const device of all) assert.deepEqual(device.tree(), linux.tree());
  }

  test("[NM1] [NM3] every name of Linux is on Windows and macOS, with its content", async () => {
    linux.files.makeFolder("aux/c:d.");
    for (const [index, name] of hostileNames.entries()) linux.files.writeFile(`aux/c:d./${name}`, text(`${index}`));
    await settle();
    assert.equal(windows.tree().size, hostileNames.length + 3);
    assert.equal(mac.files.snapshot().get("aux/c:d./a:b")?.type, "file");
    assert.equal(windows.files.snapshot().get("au‛ｘ/c‛：d‛．/a‛：b")?.type, "file");
  });

  test("[NM8] an edit under the alias lands in the original, and so does a deletion", async () => {
    linux.files.writeFile("a:b", text("1"));
    linux.files.writeFile("Word", text("upper"));
    linux.files.writeFile("word", text("lower"));
    await settle();
    windows.files.replaceFile("a‛：b", text("edited on Windows"));
    const aliased = [...mac.files.snapshot().keys()].find((path) => path.includes("②")) ?? "";
    mac.files.writeFile(aliased, text("edited on macOS"));
    await settle();
    assert.equal(linux.tree().get("a:b"), "edited on Windows");
    assert.equal(linux.tree().get(aliased.replace("‛②", "")), "edited on macOS");
    assert.equal(linux.tree().size, 4);
    windows.files.remove("a‛：b");
    await settle();
    assert.equal(linux.tree().has("a:b"), false);
  });

  test("[IG6] an ignore file in a folder that has another name here is read", async () => {
    linux.files.makeFolder("a:b");
    linux.files.writeFile("a:b/.satchelignore", text("*.log\n"));
    await settle();
    windows.files.writeFile("a‛：b/noise.log", text("noise"));
    windows.files.writeFile("a‛：b/beside", text("beside"));
    for (const { engine } of [windows, linux]) assert.equal(await engine.waitSynced(), "synced");
    assert.equal(linux.tree().get("a:b/beside"), "beside");
    assert.equal(linux.tree().has("a:b/noise.log"), false);
    windows.files.remove("a‛：b/noise.log");
    await settle();
  });

  test("[NM8] a person who renames an alias renames the entry", async () => {
    linux.files.writeFile("what?", text("1"));
    linux.files.writeFile("CON", text("2"));
    linux.files.makeFolder("a:b");
    linux.files.writeFile("a:b/x", text("3"));
    await settle();
    windows.files.rename("what‛？", "answer");
    windows.files.rename("CO‛Ｎ", "why‛？");
    windows.files.rename("a‛：b", "folder");
    await settle();
    assert.deepEqual([...linux.tree().keys()], ["answer", "folder", "folder/x", "kept", "why?"]);
    const { parent, ...rest } = { parent: linux.tree().get("folder/x"), why: linux.tree().get("why?") };
    assert.deepEqual([parent, rest.why], ["3", "2"]);
  });

  test("[NM8] a change of the letter case goes round, both ways", async () => {
    linux.files.writeFile("readme", text("1"));
    await settle();
    mac.files.rename("readme", "README");
    await settle();
    assert.deepEqual([...linux.tree().keys()], ["README", "kept"]);
    linux.files.rename("README", "ReadMe");
    await settle();
    assert.deepEqual([...windows.files.snapshot().keys()], ["ReadMe", "kept"]);
  });

  test("[NM21] status tells both names, and nobody waits for an alias", async () => {
    linux.files.writeFile("a:b", text("1"));
    linux.files.writeFile("notes", text("2"));
    linux.files.writeFile("Notes", text("3"));
    await settle();
    const issues = windows.engine.status().issues.map(({ path, code, message }) => [path, code, message]);
    assert.equal(issues.length, 2);
    const explained =
      'On this device it is called "a‛：b", because the name has a ":" in it, which this disk can\'t hold. It is in sync; a new name given here is given everywhere.';
    assert.ok(issues.some(([path, code, message]) => path === "a:b" && code === "name_alias" && message === explained));
    assert.equal(windows.engine.itemStatus("a‛：b")?.message, explained);
    assert.equal(windows.engine.itemStatus("a:b")?.state, "synced");
    assert.deepEqual(linux.engine.status().issues, []);
    assert.deepEqual(mac.engine.status().issues.length, 1);
  });

  test("[NM5] a name without any alias is an issue there, is kept on the server, and comes when it gets another", async () => {
    const name = ":".repeat(200);
    linux.files.writeFile(name, text("far too hostile"));
    linux.files.writeFile("beside", text("fine"));
    await linux.engine.waitSynced();
    assert.equal(await windows.engine.waitSynced(), "issues");
    assert.equal(await mac.engine.waitSynced(), "synced");
    assert.deepEqual([...windows.files.snapshot().keys()], ["beside", "kept"]);
    assert.equal(mac.tree().get(name), "far too hostile");
    const [issue] = windows.engine.status().issues;
    assert.equal(issue?.code, "disk_name_not_possible");
    assert.match(issue?.message ?? "", /this disk can't hold it in any form. It stays on the server/);
    linux.files.rename(name, "short");
    await eventually(() => Promise.resolve(windows.tree().get("short") === "far too hostile"), {
      timeoutMs: 120_000,
      what: "the file to come under its new name",
    });
  });

  test("[NM2] [NM7] a device that lost its memory finds the same names, and nothing is renamed", async () => {
    for (const [index, name] of hostileNames.entries()) linux.files.writeFile(name, text(`${index}`));
    await settle();
    const before = linux.tree();
    for (const device of [windows, mac]) {
      await device.restart({ forgetful: false });
      await settle();
      await device.restart({ forgetful: true });
      await settle();
    }
    assert.deepEqual(linux.tree(), before);
  });

  test("[NM3] [NM8] people at work on all three end with equal trees, and no content is lost", async () => {
    const random = seededRandom("foreign disks");
    const written = ["kept"];
    for (let round = 0; round < rounds; round += 1) {
      if (work(random.pick(all).files, random, `${round}`)) written.push(`${round}`);
      if (random.chance(0.4)) await settle();
    }
    await settle();
    const contents = [...linux.tree().values()].filter((content) => content !== "folder");
    assert.deepEqual(contents.toSorted(), written.toSorted());
  });
});

/** One thing that somebody does who never overwrites or deletes, as far as the disk allows it. Answers whether the content was written. */
function work(files: VirtualDevice["files"], random: SeededRandom, content: string): boolean {
  const there = [...files.snapshot().keys()];
  const folder = files.tree.find("dir")?.body.type === "folder" && random.chance(0.4) ? "dir/" : "";
  const path = folder + random.pick(hostileNames);
  if (files.tree.find(path) !== undefined) return false;
  const deed = random.pick(["write", "write", "rename", "folder"] as const);
  try {
    if (deed === "write") files.writeFile(path, text(content));
    else if (deed === "rename") files.rename(random.pick(there), path);
    else files.makeFolder("dir");
    return deed === "write";
  } catch (error) {
    // What the disk refuses, nobody does there.
    if (error instanceof DiskError) return false;
    throw error;
  }
}
