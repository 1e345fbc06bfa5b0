import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionHash } from "@satchel/protocol";
import { entryId, openState, remoteFile } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import { DiskError, type DiskStat } from "../ports/disk.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { placeOrTakeOver } from "./take-over.ts";

const taken = (path: string) => (): Promise<DiskStat> => Promise.reject(new DiskError("exists", path, "taken"));
const isTaken = (error: unknown): boolean => error instanceof DiskError && error.code === "exists";

for (const sizeBytes of [10, 400_000]) {
  test(`[EN27] an ignored file of ${sizeBytes} bytes in the way is taken over if it is the same, and else left alone`, async () => {
    const { files, disk, context } = open();
    const bytes = new Uint8Array(sizeBytes).map((_, at) => (at * 7919) >> 3);
    files.writeFile("a.tmp", bytes);
    files.writeFile("a.txt", bytes);
    const { versionHash, packedChunks } = await disk.reader.cut("a.tmp", {
      previousSizeBytes: null,
      onChunks: () => Promise.resolve(),
    });
    context.manifests.keep(versionHash, packedChunks);
    const remote = { ...remoteFile(entryId(1), "a.tmp", versionHash), sizeBytes };

    const { stat, isThere } = await placeOrTakeOver(context, { path: "a.tmp", remote }, taken("a.tmp"));
    assert.equal(isThere, true);
    assert.equal(stat.fingerprint, (await disk.stat("a.tmp"))?.fingerprint);

    const other = { ...remote, contentHash: "another" as VersionHash };
    await assert.rejects(placeOrTakeOver(context, { path: "a.tmp", remote: other }, taken("a.tmp")), isTaken);
    // What a look tells of is the planner's to decide on.
    await assert.rejects(placeOrTakeOver(context, { path: "a.txt", remote }, taken("a.txt")), isTaken);
  });
}

test("[EN27] an ignored link in the way is taken over if it says the same, and a file is no link", async () => {
  const { files, context } = open();
  files.symlink("there", "l.tmp");
  const link = { ...remoteFile(entryId(1), "l.tmp", "hash"), type: "link" as const, linkTarget: "there" };
  assert.equal((await placeOrTakeOver(context, { path: "l.tmp", remote: link }, taken("l.tmp"))).isThere, true);
  const file = remoteFile(entryId(1), "l.tmp", "hash");
  for (const remote of [file, { ...link, linkTarget: "elsewhere" }])
    await assert.rejects(placeOrTakeOver(context, { path: "l.tmp", remote }, taken("l.tmp")), isTaken);
});

function open() {
  const files = new VirtualFileSystem({ nowNs: () => 0n });
  files.mount();
  const disk = openVirtualDisk(files);
  const manifests = new ManifestStore(openState().database);
  return { files, disk, context: { disk, manifests, isIgnored: (path: string) => path.endsWith(".tmp") } };
}

test("[EN28] what a disk did although it says that it failed is known to be done", async () => {
  const { files, disk, context } = open();
  await disk.prepareRoot("marker");
  const bytes = Buffer.from("content");
  const manifest = await disk.reader.cut((files.writeFile("same", bytes), "same"), {
    previousSizeBytes: null,
    onChunks: () => Promise.resolve(),
  });
  const content = { bytes, ...manifest, modifiedMs: 1000, executable: false };
  const [temporary] = await disk.writer.writeSmall([content]);
  assert.ok(temporary && !(temporary instanceof DiskError));
  const remote = remoteFile(entryId(1), "a", manifest.versionHash);
  const fail = (path: string) => Promise.reject(new DiskError("failed", path, "the disk says failed"));
  const hasFailed = (error: unknown): boolean => error instanceof DiskError && error.code === "failed";
  await assert.rejects(
    placeOrTakeOver(context, { path: "a", remote, temporary }, () => fail("a")),
    hasFailed,
  );
  const doneAndFailed = async (): Promise<DiskStat> => {
    await disk.place(temporary, "a", null);
    return fail("a");
  };
  assert.equal((await placeOrTakeOver(context, { path: "a", remote, temporary }, doneAndFailed)).isThere, true);
  // The same content that somebody else put there is theirs.
  await assert.rejects(
    placeOrTakeOver(context, { path: "same", remote, temporary }, () => fail("same")),
    hasFailed,
  );
});
