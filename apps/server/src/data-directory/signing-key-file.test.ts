import assert from "node:assert/strict";
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { openSigningKey } from "./signing-key-file.ts";

test("whoever asks at once for a signing key that isn't there gets the same one, and nothing else stays", async () => {
  await using directory = await temporaryDirectory("signing-key");
  const path = directory.join("signing.key");
  const keys = await Promise.all(Array.from({ length: 20 }, () => openSigningKey(path)));
  for (const key of keys) assert.deepEqual(key, keys[0]);
  assert.equal((await readFile(path, "latin1")).trim(), keys[0]?.toHex());
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(directory.path), ["signing.key"]);
});

test("a signing key that was put there by others is read as it is, and only read", async () => {
  await using directory = await temporaryDirectory("signing-key");
  const path = directory.join("signing.key");
  const hex = "0b".repeat(32);
  await writeFile(path, `${hex}\n`, { mode: 0o440 });
  await chmod(directory.path, 0o500);
  assert.equal((await openSigningKey(path)).toHex(), hex);
  await chmod(directory.path, 0o700);
  assert.deepEqual(await readdir(directory.path), ["signing.key"]);
});

test("what is no signing key is refused, and left alone", async () => {
  await using directory = await temporaryDirectory("signing-key");
  const path = directory.join("signing.key");
  await writeFile(path, "");
  await assert.rejects(openSigningKey(path), /is not a signing key/);
  assert.equal(await readFile(path, "latin1"), "");
});
