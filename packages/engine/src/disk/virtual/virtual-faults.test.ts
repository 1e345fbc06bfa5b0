import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeManifest, versionHash } from "@satchel/chunking";
import { seededRandom } from "@satchel/testkit";
import { macosNames } from "../../names/name-rules.ts";
import { DiskError, type TemporaryFile } from "../../ports/disk.ts";
import { sha256 } from "../jobs/open-chunker.ts";
import { openVirtualDisk, type VirtualDisk } from "./virtual-disk.ts";
import { VirtualFileSystem } from "./virtual-file-system.ts";
import { createVirtualWatcher } from "./virtual-watcher.ts";

const nowNs = (): bigint => 1_700_000_000_000_000_000n;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

async function write(disk: VirtualDisk, bytes: Uint8Array): Promise<TemporaryFile | DiskError> {
  const manifest = [{ hash: sha256(bytes), sizeBytes: bytes.length }];
  const content = { bytes, packedChunks: encodeManifest(manifest), versionHash: versionHash(manifest, sha256) };
  const [file] = await disk.writer.writeSmall([{ ...content, modifiedMs: 5, executable: false }]);
  assert.ok(file !== undefined);
  return file;
}

async function written(disk: VirtualDisk, bytes: Uint8Array): Promise<TemporaryFile> {
  const file = await write(disk, bytes);
  assert.ok(!(file instanceof DiskError));
  return file;
}

test("[DK20] a full disk is told, and holds what it held", async () => {
  const files = new VirtualFileSystem({ nowNs, capacityBytes: 1000 });
  const disk = openVirtualDisk(files);
  await disk.prepareRoot("marker");
  files.writeFile("a", new Uint8Array(900));
  const outcome = await write(disk, new Uint8Array(200));
  assert.ok(outcome instanceof DiskError && outcome.code === "full");
  assert.throws(() => files.writeFile("a", new Uint8Array(1100)), /no space/);
  assert.equal(files.readFile("a").length, 900);
});

test("a hook makes any operation fail, and that one alone", async () => {
  const files = new VirtualFileSystem({ nowNs });
  const disk = openVirtualDisk(files, (operation, path) => {
    if (operation === "scan" && path === "closed") throw new DiskError("denied", path, "permission denied");
    if (operation === "removeFile") throw new DiskError("failed", path, "input/output error");
  });
  await disk.prepareRoot("marker");
  files.makeFolder("closed");
  files.writeFile("a", text("a"));
  const problems: unknown[] = [];
  for await (const { path, problem } of disk.scan("", { recursive: true })) problems.push([path, problem]);
  assert.deepEqual(problems, [
    ["", undefined],
    ["closed", "denied"],
  ]);
  await assert.rejects(disk.removeFile("a", ""), /input\/output/);
  assert.deepEqual(files.readFile("a"), text("a"));
});

test("a killed process changes nothing any more, not even with what it had begun", async () => {
  const files = new VirtualFileSystem({ nowNs });
  const resume = Promise.withResolvers<void>();
  const disk = openVirtualDisk(files, (operation) => (operation === "makeFolder" ? resume.promise : undefined));
  await disk.prepareRoot("marker");
  const making = disk.makeFolder("f");
  disk.kill();
  resume.resolve();
  await assert.rejects(making, (error) => error instanceof DiskError && error.code === "failed");
  await assert.rejects(disk.stat("f"), (error) => error instanceof DiskError);
  assert.equal(files.snapshot().size, 0);
});

test("[DK12] a power cut takes back the last changes of names, up to what was settled", async () => {
  const random = seededRandom("power");
  const found = new Set<string>();
  for (let round = 0; round < 40; round += 1) {
    const files = new VirtualFileSystem({ nowNs });
    const disk = openVirtualDisk(files);
    await disk.prepareRoot("marker");
    await disk.makeFolder("settled");
    await disk.settle();
    await disk.makeFolder("one");
    await disk.move("one", "two");
    disk.kill();
    files.cutPower({ below: random.below, tear: (durable) => durable });
    found.add([...files.snapshot().keys()].join());
  }
  assert.deepEqual([...found].toSorted(), ["one,settled", "settled", "settled,two"]);
});

test("a power cut tears what was not synced, and never what was placed and settled", async () => {
  const files = new VirtualFileSystem({ nowNs });
  const disk = openVirtualDisk(files, (operation, path) => {
    if (operation === "assemble" && files.tree.find(path) !== undefined) disk.kill();
  });
  await disk.prepareRoot("marker");
  await disk.place(await written(disk, text("kept")), "f", null);
  await disk.settle();
  const bytes = text("half");
  const piece = { hash: sha256(bytes), sizeBytes: bytes.length, source: { from: "server" as const } };
  const file = {
    pieces: [piece],
    modifiedMs: 5,
    executable: false,
    resumeKey: "k",
    fetch: () => Promise.resolve([bytes]),
  };
  await assert.rejects(disk.writer.assemble(file));
  const torn: string[] = [];
  files.cutPower({
    below: () => 0,
    tear: (_durable, whole) => {
      torn.push(Buffer.from(whole).toString("latin1"));
      return whole.subarray(0, 1);
    },
  });
  assert.deepEqual(files.readFile("f"), text("kept"));
  assert.equal(torn.length, 1);
});

test("[NM31] where case does not count, a name is taken in any spelling, found in its own, and can be spelled anew", async () => {
  const files = new VirtualFileSystem({ nowNs, nameRules: macosNames });
  const disk = openVirtualDisk(files);
  await disk.prepareRoot("marker");
  files.writeFile("Read.me", text("1"));
  await assert.rejects(disk.makeFolder("READ.ME"), (error) => error instanceof DiskError && error.code === "exists");
  assert.equal(await disk.stat("read.ME"), undefined);
  await disk.move("Read.me", "README.me".replace("README", "READ"));
  assert.deepEqual([...files.snapshot().keys()], ["READ.me"]);
});

test("the watcher in memory tells changes outside the engine's own folder, until it is stopped", async () => {
  const files = new VirtualFileSystem({ nowNs });
  const disk = openVirtualDisk(files);
  await disk.prepareRoot("marker");
  const watcher = createVirtualWatcher(files);
  const told: (readonly string[] | undefined)[] = [];
  assert.deepEqual(await watcher.start((paths) => told.push(paths)), { mode: "watching" });
  await disk.place(await written(disk, text("x")), "f", null);
  await Promise.resolve();
  assert.deepEqual(told, [["f"]]);
  await watcher.stop();
  files.writeFile("f", text("y"));
  await Promise.resolve();
  assert.equal(told.length, 1);
});
