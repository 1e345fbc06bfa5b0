import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { ChunkHash } from "@satchel/protocol";
import { chunkOf, chunkStoreContract } from "../chunk-store.contract.ts";
import { ChunkMismatchError } from "../chunk-store-errors.ts";
import type { ChunkStore } from "../chunk-store.ts";
import { MemoryChunkStore } from "../memory-chunk-store.ts";
import { withRecentChunks } from "./with-recent-chunks.ts";

const bounds = { maxBytes: 1200, maxChunkBytes: 400, idleMs: 5000 };

chunkStoreContract("the store that remembers", async () => {
  const clock = { nowMs: 1_000_000 };
  const store = withRecentChunks(new MemoryChunkStore({ now: () => clock.nowMs }), {
    ...bounds,
    maxBytes: 300_000,
    maxChunkBytes: 150_000,
  });
  return { store, clock, reopen: undefined, dispose: () => store.close() };
});

/** A store, and how many chunks were asked of it, behind the one that remembers. */
function counted() {
  const inner: ChunkStore = new MemoryChunkStore({ now: () => 0 });
  const get = mock.method(inner, "get");
  const asked = (): number => get.mock.calls.reduce((sum, { arguments: [hashes] }) => sum + hashes.length, 0);
  return { inner, asked, store: withRecentChunks(inner, bounds) };
}

const anns = { holder: "ann", held: new Set<ChunkHash>() };

const filled = (fill: number, sizeBytes: number) => chunkOf(new Uint8Array(sizeBytes).fill(fill));

test("[CS36] what was put last is answered from memory, in the caller's own, and the rest by the store", async () => {
  const { store, asked } = counted();
  const [old, large, first, second] = [filled(1, 300), filled(2, 401), filled(3, 400), filled(4, 400)];
  for (const chunk of [old, large, first, second, filled(9, 300)])
    await store.put([{ ...chunk, bytes: chunk.bytes.slice() }], anns);
  const into = new Uint8Array(new SharedArrayBuffer(2000));
  const hashes = [old, first, large, second, first].map(({ hash }) => hash);
  const got = await store.get(hashes, into, "ann");
  assert.deepEqual(
    got.map((bytes) => bytes?.[0]),
    [1, 3, 2, 4, 3],
  );
  assert.deepEqual([got[1]?.buffer, got[3]?.buffer], [into.buffer, into.buffer]);
  assert.equal(asked(), 2);
  // What comes later takes the place of what was there, and not of what was given out.
  await store.put([filled(5, 400)], anns);
  assert.deepEqual(
    (await store.get([first.hash], undefined, "ann")).map((bytes) => bytes?.[0]),
    [3],
  );
  assert.deepEqual(
    got.map((bytes) => bytes?.at(-1)),
    [1, 3, 2, 4, 3],
  );
});

test("[CS36] what was refused, or is removed, is never answered", async () => {
  const { store, inner } = counted();
  const [good, removed] = [filled(1, 10), filled(2, 10)];
  await assert.rejects(store.put([{ hash: good.hash, bytes: removed.bytes }], anns), ChunkMismatchError);
  assert.deepEqual(await store.get([good.hash], undefined, "ann"), [undefined]);
  await store.put([removed], anns);
  assert.deepEqual(await store.removeUntouchedSince({ hashes: [removed.hash], sinceMs: 1 }), [removed.hash]);
  assert.deepEqual(await store.get([removed.hash], undefined, "ann"), [undefined]);
  await inner.close();
});

test("[CS36] [SE43] what one put is remembered for nobody else, and what nobody in particular put for none", async () => {
  const { store, asked } = counted();
  const [anns1, nobodys] = [filled(1, 10), filled(2, 10)];
  await store.put([anns1], anns);
  await store.put([nobodys]);
  await store.get([anns1.hash, nobodys.hash], undefined, "bob");
  await store.get([anns1.hash]);
  assert.equal(asked(), 3);
  await store.get([anns1.hash], undefined, "ann");
  assert.equal(asked(), 3);
});

test("[CS36] after some seconds without a put nothing is remembered", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const nowMs = mock.method(performance, "now", () => 0);
  const { store, asked } = counted();
  const chunk = filled(1, 10);
  await store.put([chunk], anns);
  await store.get([chunk.hash], undefined, "ann");
  assert.equal(asked(), 0);
  nowMs.mock.mockImplementation(() => 5000);
  context.mock.timers.tick(5000);
  await store.get([chunk.hash], undefined, "ann");
  assert.equal(asked(), 1);
  nowMs.mock.restore();
});

test("[CS36] a put that ends after the memory was let go shows nothing of what came into the new one", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const nowMs = context.mock.method(performance, "now", () => 0);
  const { store, inner } = counted();
  const [slow, next] = [filled(1, 300), filled(2, 300)];
  const stored = Promise.withResolvers<void>();
  const put = inner.put.bind(inner);
  context.mock.method(inner, "put", async (chunks: Parameters<ChunkStore["put"]>[0]) => {
    if (chunks[0]?.hash === slow.hash) await stored.promise;
    await put(chunks);
  });
  const putting = store.put([slow], anns);
  nowMs.mock.mockImplementation(() => 5000);
  context.mock.timers.tick(5000);
  await store.put([next], anns);
  stored.resolve();
  await putting;
  await store.put([filled(3, 300)], anns);
  assert.deepEqual(
    (await store.get([slow.hash, next.hash], undefined, "ann")).map((bytes) => [bytes?.[0], bytes?.at(-1)]),
    [
      [1, 1],
      [2, 2],
    ],
  );
});

test("[CS36] a chunk is forgotten after some seconds though others go on coming", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let ms = 0;
  context.mock.method(performance, "now", () => ms);
  const { store, asked } = counted();
  const chunk = filled(1, 10);
  await store.put([chunk], anns);
  for (let second = 0; second < 10; second += 1) {
    if (second === 5) {
      await store.get([chunk.hash], undefined, "ann");
      assert.equal(asked(), 0);
    }
    ms += 1000;
    context.mock.timers.tick(1000);
    await store.put([filled(10 + second, 10)], anns);
  }
  await store.get([chunk.hash], undefined, "ann");
  assert.equal(asked(), 1);
});

test("[CS36] how chunks come and go past the server is the store's own", () => {
  const direct: NonNullable<ChunkStore["direct"]> = {
    openUploads: () => assert.fail(),
    takeOver: () => assert.fail(),
    openDownloads: () => assert.fail(),
  };
  const store = Object.assign(new MemoryChunkStore({ now: () => 0 }), { direct });
  assert.equal(withRecentChunks(store).direct, direct);
});
