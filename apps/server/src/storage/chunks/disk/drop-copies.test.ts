import assert from "node:assert/strict";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { ChunkBytes } from "../chunk-store.ts";
import { chunkOf } from "../chunk-store.contract.ts";
import { ChunkCorruptError } from "../chunk-store-errors.ts";
import { indexFileName, type DiskChunkStore } from "./disk-chunk-store.ts";
import { randomChunks, testDirectory } from "./test-directory.fixture.ts";

const behalf = { holder: "bob", held: new Set<never>() };
const copy = ({ bytes }: ChunkBytes): ChunkBytes => chunkOf(bytes);

async function occupiedBytes(store: DiskChunkStore): Promise<number> {
  return (await store.statistics()).occupiedBytes;
}

test("[CS50] a put on somebody's behalf writes as much whether the store has the chunks or not, and compaction makes up for it", async (t) => {
  const { open: openStore } = await testDirectory(t);
  const store = await openStore();
  const [present, absent] = [randomChunks(20, 300_000), randomChunks(20, 300_000)];
  await store.put(present.map(copy));
  const sizes = [await occupiedBytes(store)];
  for (const chunks of [present, absent, present]) {
    await store.put(chunks.map(copy), behalf);
    sizes.push(await occupiedBytes(store));
  }
  const [, grown = 0, ...others] = sizes.map((size, index) => size - (sizes[index - 1] ?? 0));
  assert.ok(grown > 20 * 300_000);
  assert.deepEqual(others, [grown, grown]);
  await store.compact();
  assert.equal((await store.statistics()).chunks, 40);
  // Two of four parts of the pack are garbage now, and a little more is needed for it to be rewritten.
  const removed = absent.slice(0, 2).map(({ hash }) => hash);
  assert.equal((await store.removeUntouchedSince({ hashes: removed, sinceMs: 2_000_000 })).length, 2);
  const { freedBytes } = await store.compact();
  assert.ok(freedBytes > 40 * 300_000);
  const got = await store.get(present.map(({ hash }) => hash));
  assert.ok(
    got.every((bytes, index) => Buffer.compare(bytes ?? Buffer.of(), present[index]?.bytes ?? Buffer.of()) === 0),
  );
});

/** Spoils the last record of a pack, or one that ends so many bytes before its end. */
async function spoil(path: string, beforeEnd = 500): Promise<void> {
  const file = await open(path, "r+");
  const { size } = await file.stat();
  await file.write(Buffer.alloc(10), 0, 10, size - beforeEnd);
  await file.close();
}

async function isWhole(store: DiskChunkStore, { hash, bytes }: ChunkBytes): Promise<boolean> {
  return Buffer.compare((await store.get([hash]))[0] ?? Buffer.of(), bytes) === 0;
}

test("[CS14] [CS50] when the newest copy is damaged the one before it answers, and is the one that stays", async (t) => {
  const { open: openStore, packs } = await testDirectory(t);
  const store = await openStore();
  const [chunk] = randomChunks(1, 1000) as [ChunkBytes];
  await store.put([copy(chunk)]);
  await store.put([copy(chunk)], behalf);
  await spoil((await packs())[0] ?? "");
  assert.ok(await isWhole(store, chunk));
  assert.deepEqual(await store.has([chunk.hash]), [true]);
  await store.compact();
  assert.equal((await store.statistics()).chunks, 1);
  assert.ok(await isWhole(store, chunk));
});

test("[CS50] a compaction reads the copy that stays before it drops the others, and drops none of a chunk that it can't read", async (t) => {
  const { open: openStore, packs } = await testDirectory(t);
  const store = await openStore();
  const [kept, lost] = randomChunks(2, 1000) as [ChunkBytes, ChunkBytes];
  await store.put([copy(lost)]);
  await store.put([copy(kept)]);
  await store.put([copy(kept), copy(lost)], behalf);
  const [path = ""] = await packs();
  // Nobody has read any of them: the newest of both, and the older one of one.
  const recordBytes = ((await store.statistics()).occupiedBytes - 32) / 4;
  for (const place of [0, 1, 3]) await spoil(path, place * recordBytes + 500);
  await store.compact();
  assert.equal((await store.statistics()).chunks, 3);
  assert.ok(await isWhole(store, kept));
  assert.deepEqual(await store.has([kept.hash, lost.hash]), [true, false]);
  await assert.rejects(store.get([lost.hash]), ChunkCorruptError);
  await store.put([copy(lost)], behalf);
  await store.compact();
  assert.equal((await store.statistics()).chunks, 2);
  assert.ok(await isWhole(store, lost));
});

test("[CS8] an index of the first version is taken over as it is", async (t) => {
  const { directory, clock, open: openStore, close } = await testDirectory(t);
  const chunks = randomChunks(3, 1000);
  await (await openStore()).put(chunks.map(copy));
  await close();
  const index = new DatabaseSync(join(directory, indexFileName));
  index.exec(`
    CREATE TABLE before (
      hash BLOB PRIMARY KEY, pack INTEGER NOT NULL, offset INTEGER NOT NULL, plain_bytes INTEGER NOT NULL, stored_bytes INTEGER NOT NULL,
      put_at_ms INTEGER NOT NULL, damaged INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    INSERT INTO before SELECT * FROM chunks; DROP TABLE chunks; ALTER TABLE before RENAME TO chunks;
    CREATE INDEX chunks_by_place ON chunks (pack, offset);
    CREATE TRIGGER chunk_added AFTER INSERT ON chunks BEGIN UPDATE packs SET chunks = chunks + 1 WHERE pack = NEW.pack; END;
    CREATE TRIGGER chunk_removed AFTER DELETE ON chunks BEGIN UPDATE packs SET chunks = chunks - 1 WHERE pack = OLD.pack; END;
    PRAGMA user_version = 1;
  `);
  index.close();
  const putAtMs = clock.nowMs;
  clock.nowMs += 1000;
  const store = await openStore();
  const listed = await store.list({ after: undefined, limit: 9 });
  assert.deepEqual(
    listed.map((chunk) => [chunk.hash, chunk.putAtMs]),
    chunks
      .map(({ hash }) => hash)
      .sort()
      .map((hash) => [hash, putAtMs]),
  );
  const before = await store.statistics();
  await store.put(chunks.map(copy), behalf);
  assert.deepEqual([before.chunks, (await store.statistics()).chunks], [3, 6]);
  await store.compact();
  assert.equal((await store.statistics()).chunks, 3);
  assert.equal((await store.get(chunks.map(({ hash }) => hash))).filter((bytes) => bytes?.length === 1000).length, 3);
});
