import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { chunkOf } from "../chunks/chunk-store.contract.ts";
import { DiskChunkStore } from "../chunks/disk/disk-chunk-store.ts";
import { wrapByMasterKey } from "../chunks/disk/key-wrapping.ts";
import { parseKeyService } from "./key-service-setting.ts";
import { startVault } from "./key-services.fixture.ts";
import { openMasterKey, readKeyStatus, rotateMasterKey, type KeyPlaces } from "./master-key.ts";
import { keyFileHolder, keyServiceHolder, type MasterKeyHolder } from "./master-key-holder.ts";

async function start(t: TestContext) {
  const directory = await temporaryDirectory("keys");
  t.after(() => directory[Symbol.asyncDispose]());
  const file = keyFileHolder(directory.join("master.key"));
  const places: KeyPlaces = { chunks: directory.join("chunks"), file, holder: file };
  const open = async (at: KeyPlaces = places, mayCreate = false) =>
    DiskChunkStore.open({
      directory: at.chunks,
      wrapping: wrapByMasterKey(await openMasterKey(at, mayCreate)),
      now: Date.now,
    });
  /** Puts a chunk in, and answers whether all these are readable. */
  const use = async (at: KeyPlaces, put: string, ...all: string[]) => {
    const store = await open(at);
    await store.put([chunkOf(put)]);
    const found = await store.get([put, ...all].map((text) => chunkOf(text).hash));
    await store.close();
    return found.every((bytes, index) => Buffer.from(bytes ?? []).equals(chunkOf([put, ...all][index] ?? "").bytes));
  };
  await (await open(places, true)).close();
  const pack = () => readFile(directory.join("chunks/packs/00000001.pack"));
  return { directory, places, file, use, pack };
}

test("[SE52] turning the master key encrypts nothing anew: what is stored stays as it is, and new chunks get a new data key", async (t) => {
  const { places, file, use, pack } = await start(t);
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
  const { places, file, use } = await start(t);
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

test("[SE53] a key service takes the master key over, and then the disk holds no usable key", async (t) => {
  const { directory, places, file, use } = await start(t);
  assert.ok(await use(places, "before"));
  const vault = await startVault(t);
  const setting = `vault:${vault.address}/transit/satchel`;
  const service = parseKeyService(setting, { VAULT_TOKEN: vault.token });
  const served: KeyPlaces = { ...places, holder: keyServiceHolder(directory.join("master.wrapped.json"), service) };
  await assert.rejects(use(served, "too soon"), /still lies in .*master\.key: run `satchel admin key rotate`/);
  const plain = Buffer.from((await file.read())[0] ?? []).toString("hex");
  const status = await rotateMasterKey(served);
  assert.equal(status.keptBy, `Vault's key satchel at ${vault.address}`);
  assert.equal(file.exists(), false);
  assert.ok(await use(served, "after", "before"));
  const kept = await readFile(served.holder.path, "utf8");
  assert.match(kept, /"vault:v1:/);
  assert.doesNotMatch(kept, new RegExp(plain));
  const thief = {
    ...served,
    holder: keyServiceHolder(served.holder.path, parseKeyService(setting, { VAULT_TOKEN: "stolen disk" })),
  };
  await assert.rejects(use(thief, "nothing"), /answered 403/);
  vault.rotate();
  await rotateMasterKey(served);
  assert.match(await readFile(served.holder.path, "utf8"), /"vault:v2:/);
  assert.ok(await use(served, "later", "after", "before"));
});

test("[SE53] a store never gets a new master key for one that is missing or damaged", async (t) => {
  const { places, use, file } = await start(t);
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
