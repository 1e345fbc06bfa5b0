import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { sha256, startTestServer } from "../../test-server.fixture.ts";

const partBytes = 40_000;

test("[AP45] a chunk is sent and fetched in parts, and only by whose workspace it is", async (t) => {
  const server = await startTestServer(t);
  const [ann, bob] = [await server.signUp("ann"), await server.signUp("bob")];
  const bytes = randomBytes(100_000);
  const named = { workspace_id: ann.login.workspace_id, hash: sha256(bytes), size: bytes.length };
  const send = (offset: number, piece = bytes.subarray(offset, offset + partBytes)) =>
    ann.postFrame<{ received: number; stored: boolean }>("/v1/chunks/upload_part", { ...named, offset }, [piece]);
  assert.deepEqual((await send(0)).body, { received: partBytes, stored: false });
  const early = await ann.post("/v1/chunks/download_part", { ...named, offset: 0, length: 10 });
  assert.deepEqual([early.status, early.body.code], [404, "not_found"]);
  assert.deepEqual((await send(partBytes)).body, { received: 2 * partBytes, stored: false });
  assert.deepEqual((await send(2 * partBytes)).body, { received: bytes.length, stored: true });

  const fetched = await Promise.all(
    [0, partBytes, 2 * partBytes].map(async (offset) => {
      const length = Math.min(partBytes, bytes.length - offset);
      return (await ann.post("/v1/chunks/download_part", { ...named, offset, length })).bytes;
    }),
  );
  assert.equal(sha256(Buffer.concat(fetched)), named.hash);
  const stranger = await bob.post("/v1/chunks/download_part", { ...named, offset: 0, length: 10 });
  assert.deepEqual([stranger.status, stranger.body.code], [404, "not_found"]);
});

test("[AP45] parts that are not of the chunk are refused, and nothing is stored", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const bytes = randomBytes(1000);
  const named = { workspace_id: ann.login.workspace_id, hash: sha256(Buffer.from("another")), size: bytes.length };
  const send = (offset: number, piece: Uint8Array) =>
    ann.postFrame("/v1/chunks/upload_part", { ...named, offset }, [piece]);
  assert.equal((await send(0, bytes)).body.code, "hash_mismatch");
  assert.equal((await send(900, bytes.subarray(0, 200))).body.code, "bad_request");
  assert.equal((await send(0, bytes.subarray(0, 0))).body.code, "bad_request");
  const behind = await ann.post("/v1/chunks/download_part", { ...named, offset: 990, length: 20 });
  assert.equal(behind.body.code, "bad_request");
  assert.equal((await server.chunks.statistics()).chunks, 0);
});
