import assert from "node:assert/strict";
import { test } from "node:test";
import { DiskError } from "../../ports/disk.ts";
import { text, fails, listAll, fingerprintOf, type Get } from "./contract.fixture.ts";

/** What looking at a folder tells. */
export function describeLooking(get: Get): void {
  test("[DK6] tells the root by its inode and marker", async () => {
    const { disk } = get();
    const identity = await disk.rootIdentity();
    assert.equal(identity?.marker, "marker");
    assert.deepEqual(await disk.prepareRoot("marker"), identity);
    assert.equal((await disk.prepareRoot("another")).marker, "another");
  });

  test("[DK1] tells what there is to tell of files, folders and links", async () => {
    const { disk, user } = get();
    user.writeFile("a.txt", text("hello"));
    user.setExecutable("a.txt", true);
    user.setModified("a.txt", 1_234_567_890_123);
    user.makeFolder("f");
    user.symlink("../elsewhere", "f/l");
    const file = await disk.stat("a.txt");
    assert.deepEqual(
      [file?.type, file?.sizeBytes, file?.executable, file?.modifiedMs, file?.linkTarget],
      ["file", 5, true, 1_234_567_890_123, null],
    );
    assert.equal((await disk.stat("f"))?.type, "folder");
    const link = await disk.stat("f/l");
    assert.deepEqual([link?.type, link?.linkTarget, link?.executable], ["link", "../elsewhere", false]);
    assert.equal(await disk.stat("nothing"), undefined);
    assert.equal(await disk.stat("nothing/in/it"), undefined);
    assert.equal(await disk.stat("a.txt/in/it"), undefined);
  });

  test("[DK1] finds nothing below a link, and changes nothing there", async () => {
    const { disk, user } = get();
    user.makeFolder("real");
    user.writeFile("real/x", text("x"));
    user.symlink("real", "link");
    assert.equal(await disk.stat("link/x"), undefined);
    await fails(disk.makeFolder("link/new"), "gone");
    await fails(disk.removeFile("link/x", await fingerprintOf(disk, "real/x")), "gone");
    const [read] = await disk.reader.readSmall(["link/x"]);
    assert.ok(read instanceof DiskError && read.code === "gone");
    const listings = await listAll(disk, "link");
    assert.equal(listings.get("link")?.problem, "gone");
    assert.deepEqual(user.readFile("real/x"), text("x"));
  });

  test("[DK2] an inode stays with its file through renames and writes, and goes with a replacement", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("one"));
    const before = await disk.stat("a");
    user.writeFile("a", text("two"));
    user.rename("a", "b");
    assert.equal((await disk.stat("b"))?.inode, before?.inode);
    user.link("b", "c");
    assert.equal((await disk.stat("c"))?.inode, before?.inode);
    user.replaceFile("b", text("three"));
    assert.notEqual((await disk.stat("b"))?.inode, before?.inode);
    user.remove("b");
    user.remove("c");
    for (let round = 0; round < 50; round += 1) {
      user.writeFile("b", text("new"));
      assert.notEqual((await disk.stat("b"))?.inode, before?.inode);
      user.remove("b");
    }
  });

  test("[DK3] a fingerprint tells an edit that kept size and time", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("one"));
    user.setModified("a", 1_600_000_000_000);
    const before = await disk.stat("a");
    assert.equal(await fingerprintOf(disk, "a"), before?.fingerprint);
    user.writeFile("a", text("two"));
    user.setModified("a", 1_600_000_000_000);
    const after = await disk.stat("a");
    assert.deepEqual([after?.sizeBytes, after?.modifiedMs], [before?.sizeBytes, before?.modifiedMs]);
    assert.notEqual(after?.fingerprint, before?.fingerprint);
  });

  test("[DK4] a scan lists parents first, and the engine's own folder only where it is not", async () => {
    const { disk, user } = get();
    user.makeFolder("f/g/.satchel");
    user.writeFile("f/g/.satchel/x", text("a person's"));
    user.writeFile("f/é\u{1F600}\n", text("1"));
    const order: string[] = [];
    const names = new Map<string, string[]>();
    for await (const { path, entries } of disk.scan("", { recursive: true })) {
      order.push(path);
      names.set(path, entries.map((entry) => entry.name).toSorted());
    }
    assert.deepEqual(order, ["", "f", "f/g", "f/g/.satchel"]);
    assert.deepEqual([names.get(""), names.get("f"), names.get("f/g")], [["f"], ["g", "é\u{1F600}\n"], [".satchel"]]);
    const flat: string[] = [];
    for await (const { path } of disk.scan("f", { recursive: false })) flat.push(path);
    assert.deepEqual(flat, ["f"]);
  });

  test("[DK4] a scan tells of each entry what a look at it tells", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("1"));
    user.symlink("a", "l");
    const listing = (await listAll(disk)).get("");
    for (const { name, ...stat } of listing?.entries ?? []) assert.deepEqual(stat, await disk.stat(name));
    assert.equal(listing?.entries.length, 2);
  });

  test("[DK4] a scan whose reader leaves ends, and one that is aborted fails", async () => {
    const { disk, user } = get();
    for (let n = 0; n < 40; n += 1) user.makeFolder(`f/${n}/deeper`);
    for await (const { path } of disk.scan("", { recursive: true })) if (path === "f") break;
    const abort = new AbortController();
    const scanning = async (): Promise<void> => {
      for await (const { path } of disk.scan("", { recursive: true, signal: abort.signal })) {
        if (path === "") abort.abort(new Error("enough"));
      }
      // A short scan may have come to its end before: then the abort is its reader's own business.
      abort.signal.throwIfAborted();
    };
    await assert.rejects(scanning(), /enough/);
  });

  test("[DK5] a folder that is not there is told as gone, not as empty", async () => {
    const { disk, user } = get();
    user.writeFile("file", text("x"));
    for (const path of ["nothing", "nothing/deeper", "file"]) {
      assert.equal((await listAll(disk, path)).get(path)?.problem, "gone");
    }
  });
}
