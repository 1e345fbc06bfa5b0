import assert from "node:assert/strict";
import { test } from "node:test";
import { storageError } from "../chunk-store-errors.ts";
import { withCircuitBreaker } from "./guarded-object-store.ts";
import { memoryObjectStore } from "./memory-object-store.fixture.ts";
import { ObjectStoreError, ObjectStoreFullError } from "./object-store.ts";

test("[CS45] an object store that failed several times in a row is left alone, asked again now and then, and used again once it answers", async () => {
  const clock = { nowMs: 0 };
  const objects = memoryObjectStore();
  const store = withCircuitBreaker(objects, () => clock.nowMs);
  const ask = () => store.put("key", new Uint8Array(1));
  objects.failing.add("put");
  for (let nth = 0; nth < 5; nth += 1) await assert.rejects(ask(), ObjectStoreError);
  assert.equal(objects.calls, 5);
  await assert.rejects(ask(), /left alone/);
  assert.equal(objects.calls, 5);
  clock.nowMs += 5000;
  const [first, second] = await Promise.allSettled([ask(), ask()]);
  assert.deepEqual([first.status, second.status, objects.calls], ["rejected", "rejected", 6]);
  objects.failing.clear();
  await assert.rejects(ask(), /left alone/);
  clock.nowMs += 5000;
  await ask();
  await ask();
  assert.equal(objects.calls, 8);
});

test("[CS45] failures with a success between them, and objects that are not there, open nothing", async () => {
  const objects = memoryObjectStore();
  const store = withCircuitBreaker(objects, () => 0);
  for (let nth = 0; nth < 8; nth += 1) {
    objects.failing.add("put");
    await assert.rejects(store.put("key", new Uint8Array(1)), /the test/);
    objects.failing.clear();
    assert.equal(await store.get({ key: "absent", offset: 0, length: 1 }), undefined);
  }
});

test("[CS45] an object store that has no room gives what it has", async () => {
  const objects = memoryObjectStore();
  await objects.put("there", new Uint8Array(1));
  const full = { ...objects, put: () => Promise.reject(new ObjectStoreFullError("no room")) };
  const store = withCircuitBreaker(full, () => 0);
  for (let nth = 0; nth < 8; nth += 1)
    await assert.rejects(store.put("key", new Uint8Array(1)), (error) => error instanceof ObjectStoreFullError);
  assert.equal((await store.get({ key: "there", offset: 0, length: 1 }))?.byteLength, 1);
  const told = storageError("storing chunks", new ObjectStoreFullError("no room"));
  assert.equal(told.code, "chunk_store_full");
});
