import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFile, copyFile, cp, open as openFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { chunkOf } from "../chunk-store.contract.ts";
import { ChunkCorruptError } from "../chunk-store-errors.ts";
import { indexFileName } from "./disk-chunk-store.ts";
import { randomChunks, testDirectory } from "./test-directory.fixture.ts";

async function overwrite(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const file = await openFile(path, "r+");
  await file.write(bytes, 0, bytes.length, offset);
  await file.close();
}

test("[CS11] a torn last record is dropped, all before it is kept, and the store goes on", async (t) => {
  const { open, close, packs } = await testDirectory(t);
  const [kept, torn, next] = randomChunks(3, 3_000);
  assert.ok(kept && torn && next);
  let store = await open();
  await store.put([kept, torn]);
  await close();
  const [pack = ""] = await packs();
  await truncate(pack, (await stat(pack)).size - 1);
  store = await open();
  assert.deepEqual(await store.has([kept.hash, torn.hash]), [true, false]);
  await store.put([next, torn]);
  store = await open();
  assert.deepEqual(
    await store.get([kept.hash, torn.hash, next.hash]),
    [kept.bytes, torn.bytes, next.bytes].map((bytes) => Buffer.from(bytes)),
  );
});

test("[CS11] bytes of an append that was cut off are skipped, and what is appended after them is found without the index", async (t) => {
  const { open, close, packs, directory } = await testDirectory(t);
  const [before, after] = randomChunks(2, 3_000);
  assert.ok(before && after);
  await (await open()).put([before]);
  await close();
  await appendFile((await packs())[0] ?? "", Buffer.concat([Buffer.from("SCR1"), randomBytes(50_000)]));
  await (await open()).put([after]);
  await close();
  await rm(join(directory, indexFileName));
  const store = await open();
  assert.deepEqual(await store.has([before.hash, after.hash]), [true, true]);
});

test("[CS12] records that a power cut took from the index are found at the packs' ends", async (t) => {
  const { open, close, directory } = await testDirectory(t);
  const [first, ...later] = randomChunks(40, 3_000);
  assert.ok(first);
  await (await open({ maxPackBytes: 50_000 })).put([first]);
  await close();
  const index = join(directory, indexFileName);
  await copyFile(index, `${index}.before`);
  const store = await open({ maxPackBytes: 50_000 });
  for (const chunk of later) await store.put([chunk]);
  await close();
  await copyFile(`${index}.before`, index);
  const recovered = await open();
  const got = await recovered.get(later.map((chunk) => chunk.hash));
  assert.deepEqual(
    got,
    later.map((chunk) => Buffer.from(chunk.bytes)),
  );
  assert.equal((await recovered.statistics()).chunks, 40);
});

for (const [how, lose] of [
  ["lost", (index: string): Promise<void> => rm(index)],
  ["overwritten", (index: string): Promise<void> => writeFile(index, "this is not a database, whatever the name says")],
] as const) {
  test(`[CS13] an index that was ${how} is built anew from the packs`, async (t) => {
    const { open, close, directory } = await testDirectory(t);
    const chunks = randomChunks(30, 4_000);
    let store = await open({ maxPackBytes: 20_000 });
    for (const chunk of chunks) await store.put([chunk]);
    const before = await store.statistics();
    await close();
    await lose(join(directory, indexFileName));
    store = await open();
    assert.deepEqual(
      await store.get(chunks.map((chunk) => chunk.hash)),
      chunks.map((chunk) => Buffer.from(chunk.bytes)),
    );
    assert.deepEqual(await store.statistics(), before);
  });
}

test("[CS13] a damaged record costs itself only, also when the index is built anew", async (t) => {
  const { open, close, packs, directory } = await testDirectory(t);
  const chunks = randomChunks(3, 4_000);
  await (await open()).put(chunks);
  await close();
  await overwrite((await packs())[0] ?? "", 4_100 + 500, Buffer.from("damage"));
  await rm(join(directory, indexFileName));
  const store = await open();
  assert.deepEqual(await store.has(chunks.map((chunk) => chunk.hash)), [true, false, true]);
});

test("[CS14] a flipped bit is told by name, the rest can still be read, and a put heals it", async (t) => {
  const { open, packs } = await testDirectory(t);
  const [whole, damaged] = randomChunks(2, 4_000);
  assert.ok(whole && damaged);
  const store = await open();
  await store.put([damaged, whole]);
  await overwrite((await packs())[0] ?? "", 32 + 84 + 100, Uint8Array.of((damaged.bytes[100] ?? 0) ^ 1));
  await assert.rejects(
    store.get([whole.hash, damaged.hash]),
    (error) => error instanceof ChunkCorruptError && error.hash === damaged.hash,
  );
  assert.deepEqual(await store.has([whole.hash, damaged.hash]), [true, false]);
  assert.deepEqual(await store.get([whole.hash]), [Buffer.from(whole.bytes)]);
  await store.put([{ hash: damaged.hash, bytes: damaged.bytes }]);
  assert.deepEqual(await store.get([damaged.hash]), [Buffer.from(damaged.bytes)]);
});

test("[CS14] a pack that is gone makes its chunks absent, so that they are uploaded again", async (t) => {
  const { open, close, packs } = await testDirectory(t);
  const [lost, kept] = randomChunks(2, 4_000);
  assert.ok(lost && kept);
  const store = await open({ maxPackBytes: 4_000 });
  await store.put([lost]);
  await store.put([kept]);
  await close();
  await rm((await packs())[0] ?? "");
  assert.deepEqual(await (await open()).has([lost.hash, kept.hash]), [false, true]);
});

test("[CS15] after an unclean end every chunk counts as put at the next start, after a clean one as it was", async (t) => {
  const { open, close, clock, directory } = await testDirectory(t);
  const { hash } = chunkOf("a");
  const store = await open();
  await store.put([chunkOf("a")]);
  const killed = `${directory}-killed`;
  t.after(() => rm(killed, { recursive: true }));
  await cp(directory, killed, { recursive: true });
  await close();
  const putAtMs = clock.nowMs;
  clock.nowMs += 1_000;
  assert.deepEqual(await (await open()).list({ after: undefined, limit: 9 }), [{ hash, sizeBytes: 1, putAtMs }]);
  const restarted = await open({ directory: killed });
  assert.deepEqual(await restarted.list({ after: undefined, limit: 9 }), [
    { hash, sizeBytes: 1, putAtMs: clock.nowMs },
  ]);
  assert.deepEqual(await restarted.removeUntouchedSince({ hashes: [hash], sinceMs: clock.nowMs }), []);
});
