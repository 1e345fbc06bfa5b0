import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { backUpServer } from "./backup.ts";
import { checkStore, repairFromBackup } from "./check.ts";
import { openBackup, openChunks, openMetadata } from "../compose.ts";
import { serverConfig } from "../config/config.ts";
import { dataDirectoryAt } from "../data-directory/data-directory.ts";
import { lockDirectory } from "../data-directory/directory-lock.ts";
import { chunkOf } from "../storage/chunks/chunk-store.contract.ts";
import { WorkspaceFixture } from "../storage/metadata/contract/workspace-fixture.ts";

/** Of a pack, behind its head. */
const damagedFrom = 200;

test("[OP41] [OP42] what is damaged is noted beside a running server, and put in its place out of a backup without one", async () => {
  await using directory = await temporaryDirectory("check");
  const data = directory.join("data");
  const config = serverConfig({ data }, {});
  const backup = { directory: directory.join("backup") };
  const metadata = await openMetadata(config);
  const chunks = await openChunks(config, Promise.resolve(metadata));
  // Too random to be compressed: a known place of the pack is in the first one.
  const [saved, unsaved] = [randomBytes(2000).toString("base64"), randomBytes(2000).toString("base64")];
  const workspace = await WorkspaceFixture.create(metadata);
  await chunks.put([chunkOf(saved)]);
  await workspace.makeFile("saved", workspace.root, [saved]);
  await chunks.close();
  await metadata.close();
  await backUpServer(config, backup);
  await damagePacks(dataDirectoryAt(data).chunks);

  const codes = (check: Awaited<ReturnType<typeof checkStore>>) => check.problems.map(({ code }) => code);
  assert.deepEqual(codes(await checkStore(config)), ["chunk_corrupt"]);
  assert.equal(await countDamaged(config), 0);
  const lock = lockDirectory(dataDirectoryAt(data).lock, data);
  assert.deepEqual(codes(await checkStore(config, { repair: true })), ["chunk_corrupt"]);
  assert.equal(await countDamaged(config), 1);
  await assert.rejects(repairFromBackup(config, backup), { name: "DirectoryInUseError" });
  lock.release();

  // What came after the backup is not in it.
  await addFile(config, unsaved);
  const repaired = await repairFromBackup(config, backup);
  assert.deepEqual(codes(repaired), ["chunk_missing"]);
  assert.equal(repaired.checked["repaired"], 1);
  assert.deepEqual(codes(await checkStore(config)), ["chunk_missing"]);
});

test("[OP42] chunks of a server that keeps them in S3 are not put on this disk where the bucket isn't named", async () => {
  await using directory = await temporaryDirectory("check");
  const data = directory.join("data");
  const config = serverConfig({ data }, {});
  const backup = { directory: directory.join("backup") };
  const metadata = await openMetadata(config);
  const { hash, bytes } = chunkOf("in S3");
  const at = { objectKey: "key", offset: 0, storedBytes: bytes.length, plainBytes: bytes.length };
  await metadata.places.announce([{ key: at.objectKey, sizeBytes: bytes.length }], 0);
  await metadata.places.place([{ ...at, hash, holder: "", isCompressed: false }], 0);
  await metadata.close();
  await mkdir(backup.directory);
  const key = directory.join("backup.key");
  const store = await openBackup(config, { ...backup, keyFile: key }, true);
  await store.close();

  const repairing = repairFromBackup(config, { ...backup, keyFile: key });
  await assert.rejects(repairing, { name: "ServerConfigError", message: /--blobs/ });
  assert.equal(existsSync(dataDirectoryAt(data).chunks), false);
});

/** A file whose chunk never came. */
async function addFile(config: Parameters<typeof checkStore>[0], text: string): Promise<void> {
  const metadata = await openMetadata(config);
  const workspace = await WorkspaceFixture.create(metadata);
  await workspace.makeFile("unsaved", workspace.root, [text]);
  await metadata.close();
}

async function countDamaged(config: Parameters<typeof checkStore>[0]): Promise<number> {
  const metadata = await openMetadata(config);
  try {
    return await metadata.scrub.countDamaged();
  } finally {
    await metadata.close();
  }
}

async function damagePacks(chunksPath: string): Promise<void> {
  const packs = (await readdir(chunksPath, { recursive: true })).filter((path) => /packs\//.test(path));
  assert.ok(packs.length > 0);
  for (const pack of packs) {
    const file = await open(join(chunksPath, pack), "r+");
    await file.write(new Uint8Array(40), 0, 40, damagedFrom);
    await file.close();
  }
}
