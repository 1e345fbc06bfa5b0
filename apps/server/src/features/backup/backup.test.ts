import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory, type TemporaryDirectory } from "@satchel/testkit";
import { serverConfig } from "../../config/config.ts";
import { openBackup } from "../../compose.ts";
import { BackupError, type BackupStore } from "../../storage/backup/backup-store.ts";
import { MemoryChunkStore } from "../../storage/chunks/memory-chunk-store.ts";
import { chunkOf } from "../../storage/chunks/chunk-store.contract.ts";
import { WorkspaceFixture } from "../../storage/metadata/contract/workspace-fixture.ts";
import { snapshotTables, tablesWithoutSnapshot } from "../../storage/metadata/snapshot/snapshot-tables.ts";
import { sqlMetadataArchive } from "../../storage/metadata/snapshot/sql-metadata-archive.ts";
import { openSqliteDatabase } from "../../storage/metadata/sql/sqlite-database.ts";
import { createSqlMetadataStore } from "../../storage/metadata/sql-metadata-store.ts";
import { migrate } from "../../storage/metadata/migrations/migrate.ts";
import { backUp } from "./back-up.ts";
import { pruneBackup } from "./prune-backup.ts";
import { restoreBackup, type RestoreNote } from "./restore-backup.ts";
import { verifyBackup } from "./verify-backup.ts";

async function openServer() {
  const database = openSqliteDatabase({ path: ":memory:" });
  const metadata = createSqlMetadataStore({ database, randomBytes });
  return { database, metadata, archive: sqlMetadataArchive(database), chunks: new MemoryChunkStore({ now: Date.now }) };
}

type Server = Awaited<ReturnType<typeof openServer>>;

/** A server with an account and three files, whose chunks are there. */
async function filledServer() {
  const server = await openServer();
  await migrate(server.database);
  const workspace = await WorkspaceFixture.create(server.metadata);
  for (const content of ["one", "two", "three"]) {
    await server.chunks.put([chunkOf(content)]);
    await workspace.makeFile(`${content}.txt`, workspace.root, [content]);
  }
  return { ...server, workspace };
}

async function openBackupIn(directory: TemporaryDirectory, mayCreate: boolean): Promise<BackupStore> {
  const config = serverConfig({ data: directory.join("data") }, {});
  return openBackup(config, { directory: directory.join("backup") }, mayCreate);
}

const signingKey = new Uint8Array(32).fill(7);

function take({ archive, metadata, chunks }: Server, backup: BackupStore, nowMs: number) {
  return backUp({ archive, maintenance: metadata.maintenance, chunks, backup, signingKey, nowMs });
}

function memoryNote(): RestoreNote & { readonly key: () => Uint8Array | undefined; readonly isOpen: () => boolean } {
  let begun: { snapshot: string; key: Uint8Array } | undefined;
  let key: Uint8Array | undefined;
  return {
    find: async () => begun?.snapshot,
    begin: async (snapshot, given) => {
      begun = { snapshot, key: given };
      key = given;
    },
    end: async () => {
      begun = undefined;
    },
    key: () => key,
    isOpen: () => begun !== undefined,
  };
}

test("[BK3] a backup takes each chunk once, restores into an empty server, and checks", async () => {
  await using directory = await temporaryDirectory("backup");
  const server = await filledServer();
  const backup = await openBackupIn(directory, true);
  const first = await take(server, backup, 1000);
  assert.deepEqual([first.chunks, first.lost], [3, []]);
  await server.chunks.put([chunkOf("four")]);
  await server.workspace.makeFile("four.txt", server.workspace.root, ["four"]);
  assert.equal((await take(server, backup, 2000)).chunks, 1);
  const { ok, snapshots, chunks } = await verifyBackup(backup);
  assert.deepEqual({ ok, snapshots, chunks }, { ok: true, snapshots: 2, chunks: 4 });

  for (const [snapshot, files] of [
    [first.snapshot, 3],
    [undefined, 4],
  ] as const) {
    const empty = await openServer();
    const note = memoryNote();
    const openStores = async () => ({ chunks: empty.chunks, maintenance: empty.metadata.maintenance });
    const restored = await restoreBackup({ ...empty, backup, snapshot, openStores, note });
    assert.deepEqual([restored.chunks, restored.lost, note.isOpen()], [files, [], false]);
    assert.deepEqual(note.key(), signingKey);
    const page = await empty.metadata.tree.listFolder({ folderId: server.workspace.root, after: undefined, limit: 10 });
    assert.equal(page.entries.length, files);
    assert.deepEqual((await empty.metadata.maintenance.check(server.workspace.workspaceId)).problems, []);
    await assert.rejects(restoreBackup({ ...empty, backup, snapshot, openStores, note }), /has accounts already/);
  }
  await backup.close();
});

test("[BK10] the newest snapshots stay, whole; what only older ones need goes", async () => {
  await using directory = await temporaryDirectory("backup");
  const server = await filledServer();
  const backup = await openBackupIn(directory, true);
  await take(server, backup, 1000);
  const { workspace } = server;
  const { workspaceId, root } = workspace;
  const { entries } = await server.metadata.tree.listFolder({ folderId: root, after: undefined, limit: 10 });
  for (const { id, name } of entries) if (name !== "two.txt") await workspace.remove(id);
  await server.metadata.maintenance.prune({ workspaceId, beforeMs: Number.MAX_SAFE_INTEGER, limit: 100 });
  await server.chunks.put([chunkOf("four")]);
  await workspace.makeFile("four.txt", root, ["four"]);
  await take(server, backup, 2000);
  const last = await take(server, backup, 3000);
  assert.deepEqual(
    await pruneBackup(backup, { keep: 5, made: last.snapshot }).then((report) => report.removedSnapshots),
    0,
  );
  const { removedSnapshots, removedChunks } = await pruneBackup(backup, { keep: 2, made: last.snapshot });
  assert.deepEqual([removedSnapshots, removedChunks], [1, 2]);
  const check = await verifyBackup(backup);
  assert.deepEqual([check.ok, check.snapshots, check.chunks], [true, 2, 2]);
  // Killed between the snapshots and the chunks: the next time finds what is left.
  const [older = assert.fail()] = await backup.listSnapshots();
  await backup.removeSnapshot(older);
  assert.equal((await pruneBackup(backup, { keep: 1, made: last.snapshot })).removedChunks, 0);
  assert.deepEqual(await backup.listSnapshots(), [last.snapshot]);
  await backup.close();
});

test("[BK3] what a killed backup left unfinished goes with the next one", async () => {
  await using directory = await temporaryDirectory("backup");
  const server = await filledServer();
  const first = await openBackupIn(directory, true);
  const { snapshot } = await take(server, first, 1000);
  await first.close();
  await writeFile(directory.join("backup/snapshots/1970-01-01.snapshot.unfinished"), "half");
  const again = await openBackupIn(directory, true);
  assert.deepEqual(await readdir(directory.join("backup/snapshots")), [`${snapshot}.snapshot`]);
  await again.close();
});

test("[BK10] the snapshot that was just made stays, though a wrong clock gave older ones later names", async () => {
  await using directory = await temporaryDirectory("backup");
  const server = await filledServer();
  const backup = await openBackupIn(directory, true);
  for (const nowMs of [8000, 9000]) await take(server, backup, nowMs);
  const { snapshot } = await take(server, backup, 1000);
  assert.equal((await pruneBackup(backup, { keep: 1, made: snapshot })).removedSnapshots, 2);
  assert.deepEqual(await backup.listSnapshots(), [snapshot]);
  await backup.close();
});

test("[BK10] of two servers that share a backup each removes its own snapshots only", async () => {
  await using directory = await temporaryDirectory("backup");
  const [one, other] = [await filledServer(), await filledServer()];
  const backup = await openBackupIn(directory, true);
  const takeAs = ({ archive, metadata, chunks }: Server, key: number, nowMs: number) =>
    backUp({
      archive,
      maintenance: metadata.maintenance,
      chunks,
      backup,
      signingKey: new Uint8Array(32).fill(key),
      nowMs,
    });
  const kept = [];
  for (let nth = 1; nth <= 3; nth += 1) kept.push((await takeAs(other, 2, nth * 1000)).snapshot);
  const ours = [];
  for (let nth = 4; nth <= 6; nth += 1) ours.push((await takeAs(one, 1, nth * 1000)).snapshot);
  const made = ours.at(-1) ?? "";
  assert.equal((await pruneBackup(backup, { keep: 1, made })).removedSnapshots, 2);
  assert.deepEqual(await backup.listSnapshots(), [...kept, made]);
  assert.deepEqual((await verifyBackup(backup)).problems, []);
  await backup.close();
});

test("[BK10] a snapshot that can't be read is nobody's to remove, and keeps everything until it can", async () => {
  await using directory = await temporaryDirectory("backup");
  const server = await filledServer();
  const backup = await openBackupIn(directory, true);
  for (const nowMs of [1000, 2000]) await take(server, backup, nowMs);
  const { snapshot: made } = await take(server, backup, 3000);
  const [, unread = assert.fail()] = await backup.listSnapshots();
  const failing: BackupStore = {
    ...backup,
    async *readSnapshot(name) {
      if (name === unread) throw new Error("EIO: i/o error, read");
      yield* backup.readSnapshot(name);
    },
  };
  await assert.rejects(
    pruneBackup(failing, { keep: 1, made }),
    (error) => error instanceof BackupError && error.message.includes(unread) && error.message.includes("EIO"),
  );
  assert.equal((await backup.listSnapshots()).length, 3);
  assert.equal((await backup.chunks.statistics()).chunks, 3);
  assert.equal((await pruneBackup(backup, { keep: 1, made })).removedSnapshots, 2);
  await backup.close();
});

test("[BK10] a snapshot that stays but can't be read keeps everything", async () => {
  await using directory = await temporaryDirectory("backup");
  const server = await filledServer();
  const backup = await openBackupIn(directory, true);
  for (const nowMs of [1000, 2000]) await take(server, backup, nowMs);
  const newest = (await backup.listSnapshots()).at(-1) ?? "";
  const path = directory.join("backup/snapshots", `${newest}.snapshot`);
  const sealed = await readFile(path);
  await writeFile(path, sealed.subarray(0, sealed.byteLength - 1));
  await assert.rejects(pruneBackup(backup, { keep: 1, made: newest }), BackupError);
  assert.equal((await backup.listSnapshots()).length, 2);
  assert.equal((await backup.chunks.statistics()).chunks, 3);
  await backup.close();
});

test("[BK4] a restore that fails on the way goes on when it is run again, and is not done before", async () => {
  await using directory = await temporaryDirectory("backup");
  const server = await filledServer();
  const backup = await openBackupIn(directory, true);
  await take(server, backup, 1000);
  const empty = await openServer();
  const note = memoryNote();
  const failing = new MemoryChunkStore({ now: Date.now });
  failing.touch = () => Promise.reject(new Error("the disk is full"));
  const restore = (chunks: MemoryChunkStore) =>
    restoreBackup({
      ...empty,
      backup,
      snapshot: undefined,
      note,
      openStores: async () => ({ chunks, maintenance: empty.metadata.maintenance }),
    });
  await assert.rejects(restore(failing), /disk is full/);
  assert.equal(note.isOpen(), true);
  assert.equal((await restore(empty.chunks)).chunks, 3);
  assert.equal(note.isOpen(), false);
  await backup.close();
});

test("[BK5] what the server lost, and what the backup has damaged, is told; all else is there", async () => {
  await using directory = await temporaryDirectory("backup");
  const server = await filledServer();
  const { hash } = chunkOf("two");
  await server.chunks.removeUntouchedSince({ hashes: [hash], sinceMs: Number.MAX_SAFE_INTEGER });
  const backup = await openBackupIn(directory, true);
  const report = await take(server, backup, 1000);
  assert.deepEqual([report.chunks, report.lost], [2, [hash]]);
  const check = await verifyBackup(backup);
  assert.deepEqual([check.ok, check.problems.length], [false, 1]);
  assert.match(check.problems[0] ?? "", new RegExp(`${hash} is missing`));
  await backup.close();

  const [name = ""] = await readdir(directory.join("backup/snapshots"));
  const path = directory.join("backup/snapshots", name);
  const sealed = await readFile(path);
  await writeFile(path, sealed.subarray(0, sealed.byteLength - 1));
  const damaged = await openBackupIn(directory, false);
  assert.match((await verifyBackup(damaged)).problems.join("\n"), /cut off/);
  await damaged.close();
});

test("[BK6] a directory that holds something else is no backup, and a backup has no usable key unless asked", async () => {
  await using directory = await temporaryDirectory("backup");
  await writeFile(directory.join("letter.txt"), "mine");
  const config = serverConfig({ data: directory.join("data") }, {});
  await assert.rejects(openBackup(config, { directory: directory.path }, true), /not empty and holds no backup/);
  await assert.rejects(openBackupIn(directory, false), /no backup in/);
  const backup = await openBackupIn(directory, true);
  await take(await filledServer(), backup, 1000);
  await backup.close();
  assert.ok(!(await readdir(directory.join("backup"))).includes("backup.key"));
  const withKey = await openBackup(config, { directory: directory.join("backup"), withKey: true }, true);
  await withKey.close();
  // Now it can be read where the server's keys are gone.
  const elsewhere = serverConfig({ data: directory.join("other") }, {});
  const read = await openBackup(elsewhere, { directory: directory.join("backup") }, false);
  assert.equal((await verifyBackup(read)).ok, true);
  await read.close();
});

test("[BK7] every table is in snapshots, by its primary key, or is left out by name", async () => {
  const { database } = await filledServer();
  const tables = await database.read((session) =>
    session.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"),
  );
  const known = [...snapshotTables.map(({ name }) => name), ...tablesWithoutSnapshot];
  assert.deepEqual(tables.map(({ name }) => name).toSorted(), known.toSorted());
  for (const { name, key } of snapshotTables) {
    const columns = await database.read((session) =>
      session.all<{ name: string }>(`SELECT name FROM pragma_table_info('${name}') WHERE pk > 0 ORDER BY pk`),
    );
    assert.deepEqual(
      key,
      columns.map((column) => column.name),
      name,
    );
  }
});

test("[BK3] a backup whose disk fills up ends with that error, and leaves nothing that looks like a snapshot", async () => {
  await using directory = await temporaryDirectory("backup");
  const backup = await openBackupIn(directory, true);
  const full = async (name: string, sealed: AsyncIterable<Uint8Array>): Promise<void> => {
    await backup.writeSnapshot(name, cutOff(sealed));
  };
  await assert.rejects(take(await filledServer(), { ...backup, writeSnapshot: full }, 1000), /no room/);
  assert.deepEqual(await backup.listSnapshots(), []);
  assert.deepEqual(await readdir(directory.join("backup/snapshots")), []);
  await backup.close();
});

async function* cutOff(sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of sealed) {
    yield bytes;
    throw new Error("no room");
  }
}
