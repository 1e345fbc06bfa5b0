import assert from "node:assert/strict";
import { test } from "node:test";
import { openState } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import { holdsOnlyIgnored } from "./only-ignored.ts";

test("[EN22] files that are ignored don't keep a folder alive; a file, a link or an empty folder of anybody's does", async () => {
  const { files, holds } = open();
  files.makeFolder("a");
  files.writeFile("a/x.tmp", new Uint8Array(1));
  assert.equal(await holds("a"), true);
  files.makeFolder("a/b");
  assert.equal(await holds("a"), false);
  files.remove("a/b");
  files.symlink("nowhere", "a/link");
  assert.equal(await holds("a"), false);
});

test("[EN22] a folder that was itself left behind doesn't keep the one around it", async () => {
  const { files, holds, leaveBehind } = open();
  files.makeFolder("a/b");
  files.writeFile("a/b/x.tmp", new Uint8Array(1));
  await leaveBehind("a/b");
  assert.equal(await holds("a"), true);
});

function open() {
  const files = new VirtualFileSystem({ nowNs: () => 0n });
  files.mount();
  const disk = openVirtualDisk(files);
  const state = openState();
  const isIgnored = (path: string): boolean => path.endsWith(".tmp");
  return {
    files,
    holds: (path: string) => holdsOnlyIgnored({ disk, state, isIgnored }, path),
    leaveBehind: async (path: string) => state.addLeftover((await disk.stat(path))?.inode ?? ""),
  };
}
