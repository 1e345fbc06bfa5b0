import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { DiskChunkStore } from "../chunks/disk/disk-chunk-store.ts";
import { wrapByMasterKey } from "../chunks/disk/key-wrapping.ts";
import { openKeyPlaces } from "./master-key.fixture.ts";
import { openMasterKey, readKeyStatus, rotateMasterKey, type KeyPlaces } from "./master-key.ts";
import { keyFileHolder, type MasterKeyHolder } from "./master-key-holder.ts";

test("[SE52] turning the master key encrypts nothing anew: what is stored stays as it is, and new chunks get a new data key", async (t) => {
  const { places, file, use, pack } = await openKeyPlaces(t);
  assert.ok(await use(places, "before"));
  const [oldKey] = await file.read();
  const before = await pack();
  assert.deepEqual(await rotateMasterKey(places), { keptBy: file.name, dataKeys: 2, currentDataKey: 2 });
  assert.ok(await use(places, "after", "before"));
  assert.deepEqual((await pack()).subarray(0, before.length), before);
  const [newKey, ...more] = await file.read();
  assert.notDeepEqual(newKey, oldKey);
  assert.deepEqual(more, []);
  assert.equal((await stat(file.path)).mode & 0o777, 0o600);
  await assert.rejects(
    DiskChunkStore.open({
      directory: places.chunks,
      wrapping: wrapByMasterKey(oldKey ?? assert.fail()),
      now: Date.now,
    }),
    /master key does not fit/,
  );
});

test("[SE52] a rotation that dies at any step leaves a store that opens, and can be done again", async (t) => {
  const { places, file, use } = await openKeyPlaces(t);
  assert.ok(await use(places, "first"));
  const stored = ["first"];
  for (const diesAfter of [0, 1]) {
    let writes = 0;
    const mortal: MasterKeyHolder = {
      ...file,
      async write(keys) {
        if (writes === diesAfter) throw new Error("power cut");
        writes += 1;
        await file.write(keys);
      },
    };
    await assert.rejects(rotateMasterKey({ ...places, holder: mortal, file: mortal }), /power cut/);
    const next = `after step ${diesAfter}`;
    assert.ok(await use(places, next, ...stored));
    stored.push(next);
  }
  // Between writing both keys and wrapping the data keys anew: the old one fits, though it comes second.
  const [key] = await file.read();
  await file.write([Buffer.alloc(32, 7), key ?? assert.fail()]);
  assert.ok(await use(places, "with two", ...stored));
  await rotateMasterKey(places);
  assert.equal((await file.read()).length, 1);
  assert.ok(await use(places, "last", "with two", ...stored));
});

test("[SE53] a store never gets a new master key for one that is missing or damaged", async (t) => {
  const { places, use, file } = await openKeyPlaces(t);
  await use(places, "kept");
  await writeFile(file.path, "ab\n");
  await assert.rejects(openMasterKey(places, false), /not a master key/);
  const none: KeyPlaces = {
    ...places,
    holder: keyFileHolder(`${file.path}.gone`),
    file: keyFileHolder(`${file.path}.gone`),
  };
  await assert.rejects(openMasterKey(none, false), /is missing; restore it/);
  await assert.rejects(rotateMasterKey(none), /no master key yet/);
  assert.equal((await readKeyStatus(none)).keptBy, "nobody yet");
});
