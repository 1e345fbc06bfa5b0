import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { openInThreadMetadataStore } from "../../metadata/sqlite/open-in-thread.ts";
import { chunkOf, chunkStoreContract } from "../chunk-store.contract.ts";
import { ChunkCorruptError, ChunkStoreFailedError } from "../chunk-store-errors.ts";
import { memoryObjectStore } from "./memory-object-store.fixture.ts";
import { ObjectStoreError } from "./object-store.ts";
import { ObjectChunkStore } from "./object-chunk-store.ts";

async function open() {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const objects = memoryObjectStore();
  const clock = { nowMs: 1_000_000 };
  const openStore = () =>
    new ObjectChunkStore({ objects, places: metadata.places, now: () => clock.nowMs, maxObjectBytes: 100_000 });
  const store = openStore();
  return { store, openStore, objects, clock, places: metadata.places, close: () => metadata.close() };
}

chunkStoreContract("the store over objects in memory", async () => {
  const under = await open();
  let { store } = under;
  const reopen = async () => {
    await store.close();
    store = under.openStore();
    return store;
  };
  const dispose = async () => {
    await store.close();
    await under.close();
  };
  return { store, clock: under.clock, reopen, dispose };
});

const noise = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));

describe("chunks over objects", () => {
  test("[CS43] small chunks that arrive together share an object, a large one has its own, text takes less room", async () => {
    const { store, objects, close } = await open();
    await Promise.all([
      store.put(Array.from({ length: 50 }, (_, number) => chunkOf(`small ${number}`))),
      store.put([chunkOf(noise(1024 * 1024))]),
      store.put([chunkOf("text ".repeat(100_000))]),
    ]);
    const sizes = [...objects.objects.values()].map((bytes) => bytes.byteLength).toSorted((a, b) => a - b);
    assert.equal(objects.objects.size, 3);
    assert.equal(sizes.at(-1), 1024 * 1024);
    assert.ok((sizes[0] ?? 0) < 100_000);
    const { chunks, plainBytes, occupiedBytes } = await store.statistics();
    assert.deepEqual([chunks, occupiedBytes], [52, sizes.reduce((sum, size) => sum + size, 0)]);
    assert.ok(plainBytes > occupiedBytes);
    await store.close();
    await close();
  });

  test("[CS44] a put whose object can't be written is refused, and what it announced is removed a day later", async () => {
    const { store, objects, clock, places, close } = await open();
    objects.failing.add("put");
    await assert.rejects(store.put([chunkOf("a")]), ChunkStoreFailedError);
    assert.deepEqual(await store.has([chunkOf("a").hash]), [false]);
    objects.failing.clear();
    await store.compact();
    assert.equal((await places.statistics()).occupiedBytes, 1);
    clock.nowMs += 25 * 3600 * 1000;
    await store.compact();
    assert.equal((await places.statistics()).occupiedBytes, 0);
    await store.put([chunkOf("a")]);
    assert.deepEqual(await store.has([chunkOf("a").hash]), [true]);
    await store.close();
    await close();
  });

  test("[CS31] a put of which one object can't be written is over only when the others are, which read its memory", async () => {
    const { store, objects, close } = await open();
    const [refused, slow] = [noise(1024 * 1024), noise(1024 * 1024)];
    const write = objects.put;
    objects.put = async (key, bytes) => {
      if (Buffer.compare(bytes, refused) === 0) throw new ObjectStoreError("the test lets this one fail");
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      await write(key, bytes);
    };
    await assert.rejects(store.put([refused, slow].map(chunkOf)), ChunkStoreFailedError);
    assert.equal(objects.objects.size, 1);
    assert.deepEqual(await store.has([refused, slow].map((bytes) => chunkOf(bytes).hash)), [false, true]);
    await store.close();
    await close();
  });

  test("[CS14] bytes that are not the chunk's are told by its name, and a put heals it", async () => {
    const { store, objects, close } = await open();
    const { hash } = chunkOf("sound");
    await store.put([chunkOf("sound")]);
    const [key] = objects.objects.keys();
    objects.objects.set(key as string, new TextEncoder().encode("spoil"));
    const isTold = (error: unknown): boolean => error instanceof ChunkCorruptError && error.hash === hash;
    await assert.rejects(store.get([hash]), isTold);
    assert.deepEqual(await store.has([hash]), [false]);
    await assert.rejects(store.get([hash]), isTold);
    await store.put([chunkOf("sound")]);
    assert.deepEqual((await store.get([hash])).map(String), [String(chunkOf("sound").bytes)]);
    await store.close();
    await close();
  });

  test("[CS14] [CS51] of a chunk with a damaged object and a sound one the sound one answers, at once", async () => {
    const { store, objects, close } = await open();
    const bytes = noise(300_000);
    const { hash } = chunkOf(bytes);
    await store.put([chunkOf(bytes)], { holder: "ann", held: new Set() });
    const [anns] = objects.objects.keys();
    await store.put([chunkOf(bytes)], { holder: "bob", held: new Set() });
    objects.objects.set(anns as string, noise(300_000));
    assert.deepEqual(await store.get([hash], undefined, "ann"), [bytes]);
    assert.deepEqual(await store.has([hash]), [true]);
    await store.close();
    await close();
  });

  test("[CS51] what somebody brings once more while their place of it is collected has a place again", async () => {
    const { objects, clock, places, close } = await open();
    const collecting: typeof places = {
      ...places,
      touch: async (hashes, nowMs, holder) => {
        await places.removeUntouchedSince({ hashes, sinceMs: clock.nowMs });
        return places.touch(hashes, nowMs, holder);
      },
    };
    const store = new ObjectChunkStore({ objects, places: collecting, now: () => clock.nowMs });
    const bytes = noise(300_000);
    const { hash } = chunkOf(bytes);
    for (let time = 0; time < 2; time += 1) {
      const [upload] = (await store.direct?.openUploads([{ hash, sizeBytes: bytes.length }], 1000)) ?? [];
      assert.ok(upload);
      await objects.put(upload.objectKey, bytes);
      const brought = { hash, sizeBytes: bytes.length, objectKey: upload.objectKey };
      assert.deepEqual(await store.direct?.takeOver([brought], "ann"), [true]);
      clock.nowMs += 1000;
    }
    assert.deepEqual(await store.get([hash]), [bytes]);
    await store.close();
    await close();
  });

  test("[CS14] a chunk whose object is gone is absent, and a put heals it", async () => {
    const { store, objects, close } = await open();
    const { hash } = chunkOf("lost");
    await store.put([chunkOf("lost")]);
    objects.objects.clear();
    assert.deepEqual(await store.get([hash]), [undefined]);
    assert.deepEqual(await store.has([hash]), [false]);
    await store.put([chunkOf("lost")]);
    assert.notEqual((await store.get([hash]))[0], undefined);
    await store.close();
    await close();
  });

  test("[CS21] compaction moves what is needed out of objects that are mostly garbage, and a failure on the way loses nothing", async () => {
    const { store, objects, clock, close } = await open();
    const chunks = Array.from({ length: 10 }, () => noise(1000));
    await store.put(chunks.map(chunkOf));
    const [kept, ...garbage] = chunks.map((bytes) => chunkOf(bytes).hash);
    clock.nowMs += 1;
    await store.removeUntouchedSince({ hashes: garbage, sinceMs: clock.nowMs });
    objects.failing.add("remove");
    await assert.rejects(store.compact(), ChunkStoreFailedError);
    assert.ok(kept);
    assert.deepEqual((await store.get([kept]))[0], chunks[0]);
    objects.failing.clear();
    assert.deepEqual(await store.compact(), { freedBytes: 10_000 });
    assert.deepEqual(
      [...objects.objects.values()].map((bytes) => bytes.byteLength),
      [1000],
    );
    assert.deepEqual((await store.get([kept]))[0], chunks[0]);
    await store.close();
    await close();
  });
});
