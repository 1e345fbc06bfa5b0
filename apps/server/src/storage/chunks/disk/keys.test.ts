import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { chunkOf } from "../chunk-store.contract.ts";
import { ChunkStoreKeyError, ChunkStoreNewerError } from "../chunk-store-errors.ts";
import { wrapByMasterKey } from "./key-wrapping.ts";
import { openMasterKeyFile } from "./master-key-file.ts";
import { testDirectory } from "./test-directory.fixture.ts";

test("[CS16] a wrong master key is refused with a clear error, and the right one still opens the store", async (t) => {
  const { open, close } = await testDirectory(t);
  await (await open()).put([chunkOf("secret")]);
  await close();
  await assert.rejects(
    open({ wrapping: wrapByMasterKey(randomBytes(32)) }),
    (error) => error instanceof ChunkStoreKeyError && /master key does not fit/.test(error.message),
  );
  assert.deepEqual(await (await open()).has([chunkOf("secret").hash]), [true]);
});

test("[CS16] a store with chunks whose key file is missing or damaged is refused, never given new keys", async (t) => {
  const { open, close, directory } = await testDirectory(t);
  await (await open()).put([chunkOf("secret")]);
  await close();
  const path = join(directory, "data-keys.json");
  const whole = await readFile(path, "utf8");
  for (const damaged of [
    "",
    "{",
    "{}",
    '{"version":1,"keys":[]}',
    '{"version":1,"keys":[{"number":1,"wrapped":"AAAA"}]}',
  ]) {
    await writeFile(path, damaged);
    await assert.rejects(open(), ChunkStoreKeyError);
  }
  await writeFile(path, whole.replace('"version": 1', '"version": 2'));
  await assert.rejects(open(), ChunkStoreNewerError);
  await rm(path);
  await assert.rejects(open(), ChunkStoreKeyError);
});

test("[CS20] neither the plaintext nor a data key is on the disk", async (t) => {
  const { open, close, directory, packs } = await testDirectory(t);
  const secret = "a sentence that nobody else may read";
  await (await open()).put([chunkOf(secret)]);
  await close();
  for (const path of [...(await packs()), join(directory, "index.db")])
    assert.equal((await readFile(path)).includes(secret), false, path);
  for (const path of [...(await packs()), join(directory, "data-keys.json")])
    assert.equal((await stat(path)).mode & 0o077, 0, path);
});

test("[CS16] a master key file is made once, for its owner only, and is an error when it is missing, open to others or no key", async (t) => {
  const { directory } = await testDirectory(t);
  const path = join(directory, "master.key");
  await assert.rejects(openMasterKeyFile({ path, mayCreate: false }), ChunkStoreKeyError);
  const key = await openMasterKeyFile({ path, mayCreate: true });
  assert.equal(key.byteLength, 32);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await openMasterKeyFile({ path, mayCreate: true }), key);
  await chmod(path, 0o644);
  await assert.rejects(openMasterKeyFile({ path, mayCreate: true }), /chmod 600/);
  await chmod(path, 0o600);
  await writeFile(path, "not a key\n");
  await assert.rejects(openMasterKeyFile({ path, mayCreate: true }), ChunkStoreKeyError);
});
