import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { collectGarbage, readGarbage } from "./gc.ts";
import { openChunks, openMetadata } from "../compose.ts";
import { serverConfig } from "../config/config.ts";
import { lockDirectory } from "../data-directory/directory-lock.ts";
import { dataDirectoryAt } from "../data-directory/data-directory.ts";
import { noteRetention } from "../data-directory/retention-note.ts";
import { chunkOf } from "../storage/chunks/chunk-store.contract.ts";
import { WorkspaceFixture } from "../storage/metadata/contract/workspace-fixture.ts";

const dayMs = 24 * 3600 * 1000;

test("[AP73] what nobody holds is counted beside a running server, and removed only without one; what is held stays", async () => {
  await using directory = await temporaryDirectory("gc");
  const data = directory.join("data");
  const config = serverConfig({ data }, { SATCHEL_RETENTION_DAYS: "30" });
  assert.equal((await readGarbage(config)).storedChunks, 0);
  const metadata = await openMetadata(config);
  const chunks = await openChunks(config, Promise.resolve(metadata));
  const forgotten = randomBytes(2000).toString("hex");
  for (const content of ["held", forgotten]) await chunks.put([chunkOf(content)]);
  const workspace = await WorkspaceFixture.create(metadata);
  await workspace.makeFile("held.txt", workspace.root, ["held"]);
  await chunks.close();
  await metadata.close();

  const { lock: path } = dataDirectoryAt(data);
  const lock = lockDirectory(path, data);
  const found = { storedChunks: 2, storedBytes: 4004, unheldChunks: 1, unheldBytes: 4000 };
  assert.deepEqual(await readGarbage(config), found);
  await assert.rejects(collectGarbage(config), { name: "DirectoryInUseError" });
  lock.release();

  const { collectedChunks, prunedVersions } = await collectGarbage(config);
  assert.deepEqual([collectedChunks, prunedVersions], [1, 0]);
  const left = { storedChunks: 1, storedBytes: 4, unheldChunks: 0, unheldBytes: 0 };
  assert.deepEqual(await readGarbage(config), left);
});

test("[AP73] chunks beside a database that never had an account are another's, and stay", async () => {
  await using directory = await temporaryDirectory("gc");
  const config = serverConfig({ data: directory.join("data") }, { SATCHEL_RETENTION_DAYS: "30" });
  const metadata = await openMetadata(config);
  const chunks = await openChunks(config, Promise.resolve(metadata));
  await chunks.put([chunkOf("of the server's own database")]);
  await chunks.close();
  await metadata.close();
  await assert.rejects(collectGarbage(config), { name: "ServerConfigError", message: /--database/ });
  assert.equal((await readGarbage(config)).storedChunks, 1);
});

test("[AP73] what servers share in S3 is left to them", async () => {
  const config = serverConfig({ data: "/nowhere", blobs: "s3://bucket?endpoint=http://127.0.0.1:1" }, {});
  await assert.rejects(collectGarbage(config), { name: "ServerConfigError" });
});

test("[AP74] garbage is collected by what the server noted, whatever the command was given; where nobody says how long things are kept, none is", async () => {
  await using directory = await temporaryDirectory("gc");
  const data = directory.join("data");
  const config = serverConfig({ data }, {});
  const metadata = await openMetadata(config);
  await (await openChunks(config, Promise.resolve(metadata))).close();
  const workspace = await WorkspaceFixture.create(metadata);
  workspace.nowMs = Date.now() - 100 * dayMs;
  await workspace.remove(await workspace.makeFile("deleted.txt"));
  await metadata.close();
  await assert.rejects(collectGarbage(config), { name: "ServerConfigError", message: /SATCHEL_RETENTION_DAYS/ });

  const note = (days: number) =>
    noteRetention(dataDirectoryAt(data), { ...config.retention, ...config.security, keepMs: days * dayMs });
  await note(365);
  assert.equal((await collectGarbage(config)).prunedEntries, 0);
  const longer = serverConfig({ data }, { SATCHEL_RETENTION_DAYS: "200" });
  await note(30);
  assert.equal((await collectGarbage(longer)).prunedEntries, 0);
  assert.equal((await collectGarbage(config)).prunedEntries, 1);
});
