import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, open as openFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { chunkOf, chunkStoreContract } from "../chunk-store.contract.ts";
import { ChunkCorruptError, ChunkStoreKeyError } from "../chunk-store-errors.ts";
import { ThreadedChunkStore, type ThreadedChunkStoreOptions } from "./threaded-chunk-store.ts";

chunkStoreContract("the store on threads", async () => {
  const directory = await mkdtemp(join(tmpdir(), "satchel-chunks-"));
  const clock = { nowMs: 1_000_000 };
  const options = {
    directory,
    masterKey: randomBytes(32),
    now: () => clock.nowMs,
    maxPackBytes: 100_000,
    maxInFlightBytes: 200_000,
  };
  let store = await ThreadedChunkStore.open(options);
  const reopen = async (): Promise<ThreadedChunkStore> => {
    await store.close();
    store = await ThreadedChunkStore.open(options);
    return store;
  };
  const dispose = async (): Promise<void> => {
    await store.close();
    await rm(directory, { recursive: true });
  };
  return { store, clock, reopen, dispose };
});

async function openStore(
  t: TestContext,
  changes: Partial<ThreadedChunkStoreOptions> = {},
): Promise<{ store: ThreadedChunkStore; directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "satchel-chunks-"));
  t.after(() => rm(directory, { recursive: true }));
  const store = await ThreadedChunkStore.open({ directory, masterKey: randomBytes(32), now: Date.now, ...changes });
  t.after(() => store.close());
  return { store, directory };
}

test("[CS30] more bytes than may be under way wait their turn, and all are stored", async (t) => {
  const { store } = await openStore(t, { maxInFlightBytes: 100_000 });
  const contents = Array.from({ length: 40 }, () => randomBytes(80_000));
  await Promise.all(contents.map((content) => store.put([chunkOf(content)])));
  const got = await store.get(contents.map((content) => chunkOf(content).hash));
  assert.ok(got.every((bytes, position) => bytes !== undefined && contents[position]?.equals(bytes)));
});

test("[CS31] a large chunk's buffer is handed over without a copy, and the views of a shared one stay usable", async (t) => {
  const { store } = await openStore(t);
  const whole = chunkOf(randomBytes(100_000));
  const shared = randomBytes(300_000);
  const part = { hash: chunkOf(shared.subarray(0, 150_000)).hash, bytes: shared.subarray(0, 150_000) };
  await store.put([whole, part]);
  assert.equal(whole.bytes.byteLength, 0);
  assert.equal(part.bytes.byteLength, 150_000);
});

test("[CS14] damage that the reading thread meets is noted by the writing thread, and heals by a put", async (t) => {
  const { store, directory } = await openStore(t);
  const content = randomBytes(5_000);
  const { hash } = chunkOf(content);
  await store.put([chunkOf(content)]);
  const [pack] = await readdir(join(directory, "packs"));
  const file = await openFile(join(directory, "packs", pack ?? ""), "r+");
  await file.write(Buffer.from("damage"), 0, 6, 1_000);
  await file.close();
  await assert.rejects(store.get([hash]), (error) => error instanceof ChunkCorruptError && error.hash === hash);
  assert.deepEqual(await store.has([hash]), [false]);
  await store.put([chunkOf(content)]);
  assert.deepEqual(
    (await store.get([hash])).map((bytes) => bytes && Buffer.from(bytes)),
    [content],
  );
});

test("[CS14] of a chunk with a damaged copy and a sound one the sound one answers, at once", async (t) => {
  const { store, directory } = await openStore(t);
  const content = randomBytes(5_000);
  await store.put([chunkOf(content)]);
  await store.put([chunkOf(content)], { holder: "bob", held: new Set() });
  const [pack] = await readdir(join(directory, "packs"));
  const file = await openFile(join(directory, "packs", pack ?? ""), "r+");
  await file.write(Buffer.from("damage"), 0, 6, 9_000);
  await file.close();
  const [got] = await store.get([chunkOf(content).hash]);
  assert.ok(got && content.equals(got));
});

test("[CS16] a wrong master key is refused with its own error, across the thread", async (t) => {
  const { store, directory } = await openStore(t);
  await store.put([chunkOf("a")]);
  await store.close();
  await assert.rejects(
    ThreadedChunkStore.open({ directory, masterKey: randomBytes(32), now: Date.now }),
    ChunkStoreKeyError,
  );
});
