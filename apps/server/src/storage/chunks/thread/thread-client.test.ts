import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chunkOf } from "../chunk-store.contract.ts";
import { ChunkStoreFailedError } from "../chunk-store-errors.ts";
import { ThreadClient } from "./thread-client.ts";

test("[CS32] when a thread ends, calls that wait reject, later ones too, and the failure says so", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "satchel-chunks-"));
  t.after(() => rm(directory, { recursive: true }));
  const start = { role: "writer", directory, masterKey: randomBytes(32), maxPackBytes: undefined } as const;
  const client = new ThreadClient({ start, now: Date.now });
  await client.call("open", undefined);
  const { hash, bytes } = chunkOf(randomBytes(1_000_000));
  const waiting = assert.rejects(client.call("put", { hashes: [hash], bytes: [bytes] }), ChunkStoreFailedError);
  await client.end();
  await waiting;
  assert.equal(client.failure?.code, "chunk_store_failed");
  await assert.rejects(client.call("statistics", undefined), ChunkStoreFailedError);
});
