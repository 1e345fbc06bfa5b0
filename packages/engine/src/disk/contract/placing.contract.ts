import assert from "node:assert/strict";
import { test } from "node:test";
import { text, fails, temporaryOf, fingerprintOf, type Get } from "./contract.fixture.ts";

/** How finished files get their places. */
export function describePlacing(get: Get): void {
  test("[DK7] places where nothing is", async () => {
    const { disk, user } = get();
    const file = await temporaryOf(disk, text("new"), true);
    user.writeFile("taken", text("taken"));
    user.makeFolder("folder");
    await fails(disk.place(file, "taken", null), "exists");
    await fails(disk.place(file, "folder", null), "exists");
    await fails(disk.place(file, "nothing/x", null), "gone");
    const stat = await disk.place(file, "x", null);
    assert.deepEqual(await disk.stat("x"), stat);
    assert.deepEqual([stat.inode, stat.modifiedMs, stat.executable], [file.stat.inode, 1_700_000_000_123, true]);
    assert.deepEqual(user.readFile("x"), text("new"));
    assert.deepEqual(user.readFile("taken"), text("taken"));
    assert.equal(await disk.stat(file.path), undefined);
  });

  test("[DK8] [DK9] replaces only what was seen, and keeps the temporary file when it does not", async () => {
    const { disk, user } = get();
    user.writeFile("x", text("old"));
    const seen = await fingerprintOf(disk, "x");
    user.writeFile("x", text("edited"));
    const file = await temporaryOf(disk, text("new"));
    await fails(disk.place(file, "x", seen), "changed");
    await fails(disk.place(file, "nothing", seen), "changed");
    assert.deepEqual(user.readFile("x"), text("edited"));
    await disk.place(file, "x", await fingerprintOf(disk, "x"));
    assert.deepEqual(user.readFile("x"), text("new"));
    await fails(disk.place(file, "y", null), "failed");
  });

  test("[DK8] places links in the same way", async () => {
    const { disk, user } = get();
    const link = await disk.placeLink("over there", "l", null);
    assert.equal(link.linkTarget, "over there");
    await fails(disk.placeLink("elsewhere", "l", null), "exists");
    await fails(disk.placeLink("elsewhere", "l", "1:2:3:4"), "changed");
    await disk.placeLink("elsewhere", "l", link.fingerprint);
    user.writeFile("target", text("target"));
    user.writeFile("file", text("file"));
    const untouched = await disk.stat("target");
    await disk.placeLink("target", "file", await fingerprintOf(disk, "file"));
    assert.deepEqual(await disk.stat("target"), untouched);
    const file = await temporaryOf(disk, text("new"));
    await disk.place(file, "l", await fingerprintOf(disk, "l"));
    assert.deepEqual(user.readFile("l"), text("new"));
  });

  test("[DK9] a discarded temporary file is gone, and may be discarded again", async () => {
    const { disk } = get();
    const file = await temporaryOf(disk, text("new"));
    assert.ok(await disk.stat(file.path));
    await disk.discard(file);
    await disk.discard(file);
    assert.equal(await disk.stat(file.path), undefined);
  });
}
