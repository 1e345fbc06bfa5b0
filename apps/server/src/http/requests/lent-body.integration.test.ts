import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { decodeFrame, encodeFrame, frameMediaType } from "@satchel/protocol";
import { temporaryDirectory } from "@satchel/testkit";
import { ThreadedChunkStore } from "../../storage/chunks/thread/threaded-chunk-store.ts";
import { pack, sha256, startTestServer, type TestDevice } from "../test-server.fixture.ts";

const rounds = 4;
const uploadsPerRound = 8;
const chunkBytes = [300_000, 1_000_000, 200_000];

/** Sends so much of an upload, and ends the connection without reading an answer. */
async function breakOff(device: TestDevice, pieces: readonly Uint8Array[], sentPart: number): Promise<void> {
  const { hostname, port, host } = new URL(device.url);
  const head = { workspace_id: device.login.workspace_id, chunks: pack(pieces) };
  const body = Buffer.concat(encodeFrame(head, pieces));
  const lines = [
    "POST /v1/chunks/upload HTTP/1.1",
    `host: ${host}`,
    `authorization: Bearer ${device.login.access_token}`,
    `content-type: ${frameMediaType}`,
    `content-length: ${body.length}`,
  ];
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const closed = once(socket, "close");
  socket.write(body.subarray(0, Math.floor(body.length * sentPart)), () => socket.destroy());
  await closed;
}

test("[AP81] uploads that are broken off at any point change nothing of what others store in memory used before", async (t) => {
  const directory = await temporaryDirectory("lent");
  const chunks = await ThreadedChunkStore.open({
    directory: directory.join("chunks"),
    masterKey: randomBytes(32),
    now: Date.now,
  });
  t.after(async () => {
    await chunks.close();
    await directory[Symbol.asyncDispose]();
  });
  const server = await startTestServer(t, { chunks });
  const ann = await server.signUp("ann");
  const { workspace_id } = ann.login;
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      Array.from({ length: uploadsPerRound }, async (_, nth) => {
        const pieces = chunkBytes.map((size) => randomBytes(size));
        // Some send everything: the connection is then gone while the store still works on the bytes.
        if (nth % 2 === 1) return breakOff(ann, pieces, [1, 0.4, 1, 0.99][(round + (nth - 1) / 2) % 4] ?? 1);
        const answer = await ann.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack(pieces) }, pieces);
        assert.equal(answer.status, 200);
        acknowledged.push(...pieces.map((piece) => sha256(piece)));
      }),
    );
  }
  const stored = await chunks.list({ after: undefined, limit: 10_000 });
  const names = new Set<string>(stored.map(({ hash }) => hash));
  assert.ok(acknowledged.every((hash) => names.has(hash)));
  assert.ok(names.size > acknowledged.length, "none of those that sent everything was stored");
  for (const { hash } of stored) {
    const [bytes] = await chunks.get([hash]);
    assert.equal(bytes && sha256(bytes), hash);
  }
});

test("[AP81] downloads that are broken off at any point change nothing of what others are sent", async (t) => {
  const directory = await temporaryDirectory("lent");
  const chunks = await ThreadedChunkStore.open({
    directory: directory.join("chunks"),
    masterKey: randomBytes(32),
    now: Date.now,
  });
  t.after(async () => {
    await chunks.close();
    await directory[Symbol.asyncDispose]();
  });
  const server = await startTestServer(t, { chunks });
  const ann = await server.signUp("ann");
  const { workspace_id } = ann.login;
  const bundles = Array.from({ length: 6 }, () => chunkBytes.map((size) => randomBytes(size)));
  for (const pieces of bundles) {
    const stored = await ann.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack(pieces) }, pieces);
    assert.equal(stored.status, 200);
  }
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      bundles.map(async (pieces, nth) => {
        const question = { workspace_id, chunks: pack(pieces) };
        if (nth % 2 === 1) return hangUp(ann, question, [1, 300_000, 1_400_000][(round + (nth - 1) / 2) % 3] ?? 1);
        const answer = await fetch(`${ann.url}/v1/chunks/download`, {
          method: "POST",
          headers: { authorization: `Bearer ${ann.login.access_token}`, "content-type": "application/json" },
          body: JSON.stringify(question),
        });
        const { body } = decodeFrame(new Uint8Array(await answer.arrayBuffer()));
        assert.equal(sha256(body), sha256(Buffer.concat(pieces)));
      }),
    );
  }
});

/** Asks for a bundle, reads so many bytes of the answer, and ends the connection. */
async function hangUp(device: TestDevice, question: unknown, bytesRead: number): Promise<void> {
  const { hostname, port, host } = new URL(device.url);
  const body = JSON.stringify(question);
  const lines = [
    "POST /v1/chunks/download HTTP/1.1",
    `host: ${host}`,
    `authorization: Bearer ${device.login.access_token}`,
    "content-type: application/json",
    `content-length: ${body.length}`,
  ];
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  let received = 0;
  socket.on("data", (bytes: Buffer) => {
    received += bytes.length;
    if (received >= bytesRead) socket.destroy();
  });
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  await closed;
  assert.ok(received >= bytesRead);
}
