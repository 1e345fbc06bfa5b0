import assert from "node:assert/strict";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ChunkStoreFailedError, ChunkStoreFullError } from "../chunk-store-errors.ts";
import { DiskChunkStore, packDirectoryName } from "./disk-chunk-store.ts";
import { packFilesIn, type PackFile, type PackFiles } from "./pack-files.ts";
import { packHeaderBytes } from "./record-format.ts";
import { randomChunks, testDirectory } from "./test-directory.fixture.ts";

/** The real pack directory, on a disk that can be told to fail. It keeps a list of what was done. */
class FailingDisk implements PackFiles {
  readonly #files: PackFiles;
  readonly done: string[] = [];
  /** Room left, in bytes; a write that needs more writes what fits and then fails, as a real disk does. */
  roomBytes = Infinity;
  /** The most that one write writes. */
  maxWriteBytes = Infinity;
  /** Writes stay in a cache, which a power cut would lose, until a datasync. */
  hasVolatileCache = false;
  failing: "datasync" | "remove" | "syncNames" | undefined;

  constructor(directory: string) {
    this.#files = packFilesIn(join(directory, packDirectoryName));
  }

  async create(pack: number): Promise<PackFile> {
    return this.#wrap(await this.#files.create(pack));
  }

  async open(pack: number): Promise<PackFile> {
    return this.#wrap(await this.#files.open(pack));
  }

  async remove(pack: number): Promise<void> {
    this.#do("remove");
    await this.#files.remove(pack);
  }

  async syncNames(): Promise<void> {
    this.#do("syncNames");
    await this.#files.syncNames();
  }

  #do(what: string): void {
    if (this.failing === what) throw Object.assign(new Error("input/output error"), { code: "EIO" });
    this.done.push(what);
  }

  #wrap(file: PackFile): PackFile {
    let cached: { readonly bytes: Buffer; readonly position: number }[] = [];
    const flush = async (): Promise<void> => {
      for (const { bytes, position } of cached) await file.writev([bytes], position);
      cached = [];
    };
    return {
      writev: async (buffers, position) => {
        const limit = Math.min(this.roomBytes, this.maxWriteBytes);
        if (limit === 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
        const fitting = Buffer.concat(buffers).subarray(0, limit);
        cached.push({ bytes: fitting, position });
        if (!this.hasVolatileCache) await flush();
        this.roomBytes -= fitting.length;
        this.#do("write");
        return { bytesWritten: fitting.length };
      },
      datasync: async () => {
        this.#do("datasync");
        await flush();
        await file.datasync();
      },
      truncate: (sizeBytes) => file.truncate(sizeBytes),
      close: () => file.close(),
    };
  }
}

test("[CS17] a full disk rejects the put, harms nothing, and the store goes on when there is room", async (t) => {
  const { directory, open, packs } = await testDirectory(t);
  const disk = new FailingDisk(directory);
  const [first, second] = randomChunks(2, 5_000);
  assert.ok(first && second);
  const store = await open({ files: disk });
  await store.put([first]);
  for (const roomBytes of [0, 100, 4_999]) {
    disk.roomBytes = roomBytes;
    await assert.rejects(store.put([{ ...second }]), ChunkStoreFullError);
  }
  assert.deepEqual(await store.has([first.hash, second.hash]), [true, false]);
  disk.roomBytes = Infinity;
  await store.put([second]);
  const reopened = await open();
  assert.deepEqual(
    await reopened.get([first.hash, second.hash]),
    [first, second].map((chunk) => Buffer.from(chunk.bytes)),
  );
  assert.equal((await packs()).length, 1);
});

test("[CS17] a disk that is full from the start leaves no half pack behind", async (t) => {
  const { directory, open, packs } = await testDirectory(t);
  const disk = new FailingDisk(directory);
  const [chunk] = randomChunks(1, 5_000);
  assert.ok(chunk);
  const store = await open({ files: disk });
  disk.roomBytes = 0;
  await assert.rejects(store.put([chunk]), ChunkStoreFullError);
  assert.deepEqual(await packs(), []);
  disk.roomBytes = Infinity;
  await store.put([chunk]);
  assert.deepEqual(await (await open()).has([chunk.hash]), [true]);
});

test("[CS18] a put whose fsync failed is not acknowledged, nor is that pack appended to again", async (t) => {
  const { directory, open, packs } = await testDirectory(t);
  const disk = new FailingDisk(directory);
  const [first, second, third] = randomChunks(3, 5_000);
  assert.ok(first && second && third);
  const store = await open({ files: disk });
  await store.put([first]);
  disk.failing = "datasync";
  await assert.rejects(store.put([second]), ChunkStoreFailedError);
  assert.deepEqual(await store.has([second.hash]), [false]);
  disk.failing = undefined;
  await store.put([third]);
  assert.equal((await packs()).length, 2);
  assert.deepEqual(await (await open()).has([first.hash, second.hash, third.hash]), [true, false, true]);
});

test("[CS18] a disk that writes little at a time gets all of it in the end", async (t) => {
  const { directory, open } = await testDirectory(t);
  const disk = new FailingDisk(directory);
  disk.maxWriteBytes = 77;
  const chunks = randomChunks(5, 1_000);
  await (await open({ files: disk })).put(chunks);
  const store = await open();
  assert.deepEqual(
    await store.get(chunks.map((chunk) => chunk.hash)),
    chunks.map((chunk) => Buffer.from(chunk.bytes)),
  );
});

test("[CS19] one write and one fdatasync serve all puts that wait together; only a new pack also syncs the directory", async (t) => {
  const { directory, open } = await testDirectory(t);
  const disk = new FailingDisk(directory);
  const store = await open({ files: disk });
  const [first, ...others] = randomChunks(20, 1_000);
  assert.ok(first);
  disk.done.length = 0;
  await store.put([first]);
  assert.deepEqual(disk.done, ["write", "write", "datasync", "syncNames"]);
  disk.done.length = 0;
  await Promise.all(others.map((chunk) => store.put([chunk])));
  assert.deepEqual(disk.done, ["write", "datasync"]);
});

test("[CS19] what a resolved put stored survives the loss of everything that was not synced", async (t) => {
  const { directory, open, wrapping } = await testDirectory(t);
  const disk = new FailingDisk(directory);
  disk.hasVolatileCache = true;
  const chunks = randomChunks(12, 10_000);
  const store = await open({ files: disk, maxPackBytes: 50_000 });
  for (const [at, chunk] of chunks.entries()) {
    await store.put([chunk]);
    const cut = `${directory}-cut-${at}`;
    t.after(() => rm(cut, { recursive: true }));
    await cp(directory, cut, { recursive: true });
    // The index is not synced by a put: at worst a power cut takes all of it.
    for (const file of ["index.db", "index.db-wal", "index.db-shm"]) await rm(join(cut, file));
    const found = await DiskChunkStore.open({ directory: cut, wrapping, now: Date.now });
    const expected = chunks.slice(0, at + 1);
    assert.deepEqual(
      await found.get(expected.map((each) => each.hash)),
      expected.map((each) => Buffer.from(each.bytes)),
    );
    await found.close();
  }
});

test("[CS21] compaction gives the room of removed chunks back and keeps the others", async (t) => {
  const { open, clock, packs } = await testDirectory(t);
  const chunks = randomChunks(40, 5_000);
  const [kept, removed] = [chunks.filter((_, at) => at % 4 === 0), chunks.filter((_, at) => at % 4 !== 0)];
  const store = await open({ maxPackBytes: 50_000 });
  for (const chunk of chunks) await store.put([chunk]);
  clock.nowMs += 1;
  await store.removeUntouchedSince({ hashes: removed.map((chunk) => chunk.hash), sinceMs: clock.nowMs });
  const before = await store.statistics();
  const { freedBytes } = await store.compact();
  const after = await store.statistics();
  // The copies began a pack of their own, whose header is not counted.
  assert.equal(before.occupiedBytes - after.occupiedBytes, freedBytes - packHeaderBytes);
  assert.ok(
    after.occupiedBytes < 2 * after.storedBytes,
    `${after.occupiedBytes} bytes are taken for ${after.storedBytes}`,
  );
  assert.ok((await packs()).length <= 3);
  assert.deepEqual(
    await store.get(kept.map((chunk) => chunk.hash)),
    kept.map((chunk) => Buffer.from(chunk.bytes)),
  );
  assert.deepEqual(
    await (await open()).get(kept.map((chunk) => chunk.hash)),
    kept.map((chunk) => Buffer.from(chunk.bytes)),
  );
});

test("[CS21] compaction ends the pack that grows when much of it is garbage", async (t) => {
  const { open, clock, packs } = await testDirectory(t);
  const [kept, ...removed] = randomChunks(6, 1024 * 1024);
  assert.ok(kept);
  const store = await open();
  await store.put([kept, ...removed]);
  clock.nowMs += 1;
  await store.removeUntouchedSince({ hashes: removed.map((chunk) => chunk.hash), sinceMs: clock.nowMs });
  await store.compact();
  assert.ok((await store.statistics()).occupiedBytes < 2 * 1024 * 1024);
  assert.equal((await packs()).length, 1);
  assert.deepEqual(await store.get([kept.hash]), [Buffer.from(kept.bytes)]);
});

for (const failing of ["datasync", "remove", "syncNames"] as const) {
  test(`[CS21] compaction that a failing ${failing} stops loses nothing, and the next one ends it`, async (t) => {
    const { directory, open, clock } = await testDirectory(t);
    const disk = new FailingDisk(directory);
    const chunks = randomChunks(30, 5_000);
    const kept = chunks.filter((_, at) => at % 5 === 0);
    let store = await open({ files: disk, maxPackBytes: 50_000 });
    for (const chunk of chunks) await store.put([chunk]);
    clock.nowMs += 1;
    await store.removeUntouchedSince({
      hashes: chunks.filter((_, at) => at % 5 !== 0).map((chunk) => chunk.hash),
      sinceMs: clock.nowMs,
    });
    disk.failing = failing;
    await assert.rejects(store.compact());
    disk.failing = undefined;
    const keptHashes = kept.map((chunk) => chunk.hash);
    assert.deepEqual(
      await store.get(keptHashes),
      kept.map((chunk) => Buffer.from(chunk.bytes)),
    );
    store = await open({ maxPackBytes: 50_000 });
    await store.compact();
    assert.deepEqual(
      await store.get(keptHashes),
      kept.map((chunk) => Buffer.from(chunk.bytes)),
    );
    assert.equal((await store.statistics()).chunks, kept.length);
  });
}
