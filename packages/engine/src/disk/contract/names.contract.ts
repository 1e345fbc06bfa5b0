import assert from "node:assert/strict";
import { test } from "node:test";
import { text, fails, fingerprintOf, temporaryOf, type Get } from "./contract.fixture.ts";

/** What happens to names. */
export function describeNames(get: Get): void {
  test("[DK7] makes a folder where nothing is", async () => {
    const { disk, user } = get();
    assert.equal((await disk.makeFolder("f")).type, "folder");
    await fails(disk.makeFolder("f"), "exists");
    user.writeFile("x", text("x"));
    await fails(disk.makeFolder("x"), "exists");
    await fails(disk.makeFolder("nothing/f"), "gone");
  });

  test("[DK7] moves files, links and folders, and never over anything", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("a"));
    user.writeFile("b", text("b"));
    user.symlink("a", "l");
    user.makeFolder("f/inner");
    user.makeFolder("empty");
    for (const from of ["a", "l", "f"]) {
      for (const to of ["b", "empty"]) await fails(disk.move(from, to), "exists");
    }
    await fails(disk.move("a", "a"), "exists");
    await fails(disk.move("nothing", "c"), "gone");
    await fails(disk.move("a", "nothing/c"), "gone");
    const { inode } = (await disk.stat("a")) ?? {};
    assert.equal((await disk.move("a", "f/a")).inode, inode);
    assert.equal((await disk.move("l", "f/l")).linkTarget, "a");
    assert.equal((await disk.move("f", "g")).type, "folder");
    assert.deepEqual([...user.snapshot().keys()], ["b", "empty", "g", "g/a", "g/inner", "g/l"]);
  });

  test("[DK7] a move to the name of a hard link of the same file replaces nothing", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("a"));
    user.link("a", "A");
    await fails(disk.move("a", "A"), "exists");
    assert.deepEqual([...user.snapshot().keys()], ["A", "a"]);
  });

  test("[DK8] removes only the file that was seen", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("one"));
    const seen = await fingerprintOf(disk, "a");
    user.writeFile("a", text("two"));
    await fails(disk.removeFile("a", seen), "changed");
    assert.deepEqual(user.readFile("a"), text("two"));
    await disk.removeFile("a", await fingerprintOf(disk, "a"));
    await fails(disk.removeFile("a", seen), "gone");
    user.symlink("x", "l");
    await disk.removeFile("l", await fingerprintOf(disk, "l"));
    user.makeFolder("f");
    await fails(disk.removeFile("f", await fingerprintOf(disk, "f")), "changed");
    assert.deepEqual([...user.snapshot().keys()], ["f"]);
  });

  test("[DK11] removes a folder only when it is empty", async () => {
    const { disk, user } = get();
    user.makeFolder("f/g");
    await fails(disk.removeFolder("f"), "not_empty");
    await disk.removeFolder("f/g");
    await disk.removeFolder("f");
    await fails(disk.removeFolder("f"), "gone");
  });

  test("[DK8] sets time and mode of the file that was seen", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("one"));
    const seen = await fingerprintOf(disk, "a");
    for (const modifiedMs of [1_700_000_000_001, 1_234_567_890_999, 999, 0]) {
      const fingerprint = await fingerprintOf(disk, "a");
      const stat = await disk.setAttributes("a", { modifiedMs, executable: true, fingerprint });
      assert.deepEqual([stat.modifiedMs, stat.executable], [modifiedMs, true]);
      assert.deepEqual(await disk.stat("a"), stat);
    }
    await fails(disk.setAttributes("a", { modifiedMs: 1, executable: false, fingerprint: seen }), "changed");
  });

  test("[DK12] settling is always possible, also when folders are gone", async () => {
    const { disk } = get();
    await disk.settle();
    await disk.makeFolder("f");
    await disk.makeFolder("f/g");
    await disk.removeFolder("f/g");
    await disk.removeFolder("f");
    await disk.settle();
  });

  test("[DK12] what was done to names while settling may not be settled yet, and the disk tells", async () => {
    const { disk } = get();
    await disk.settle();
    assert.equal(disk.isUnsettled(), false);
    await disk.makeFolder("f");
    assert.equal(disk.isUnsettled(), true);
    await Promise.all([disk.settle(), disk.makeFolder("g")]);
    while (disk.isUnsettled()) await disk.settle();
    await disk.removeFolder("f");
    assert.equal(disk.isUnsettled(), true);
  });

  test("[DK13] a path that could lead out of the synced folder is refused, and nothing happens", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("a"));
    user.makeFolder("f");
    const file = await temporaryOf(disk, text("new"));
    for (const path of ["../x", "f/../../x", "f/..", ".", "./x", "f/./x", "/x", "f//x", "f/", "x\0y"]) {
      await fails(disk.stat(path), "failed");
      await fails(disk.makeFolder(path), "failed");
      await fails(disk.move("a", path), "failed");
      await fails(disk.move(path, "b"), "failed");
      await fails(disk.removeFile(path, "1:2:3:4"), "failed");
      await fails(disk.removeFolder(path), "failed");
      await fails(disk.place(file, path, null), "failed");
      await fails(disk.placeLink("a", path, null), "failed");
    }
    assert.deepEqual([...user.snapshot().keys()], ["a", "f"]);
  });
}
