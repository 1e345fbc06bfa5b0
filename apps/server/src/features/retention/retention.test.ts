import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { EntryId, VersionId } from "@satchel/protocol";
import { call, contentOf, pack, sha256, startTestServer, type TestServer } from "../../http/test-server.fixture.ts";
import { createRetention, type RetentionReport } from "./retention.ts";

const hourMs = 3600 * 1000;
const dayMs = 24 * hourMs;
const periods = { keepMs: 30 * dayMs, graceMs: dayMs, maxVersions: 20, auditKeepMs: 365 * dayMs };

async function start(t: TestContext) {
  const server = await startTestServer(t);
  await server.signUp("ann");
  const host = { nowMs: server.nowMs, randomBytes: () => new Uint8Array(), after: () => () => {} };
  const retention = createRetention({
    metadata: server.metadata,
    chunks: server.chunks,
    host,
    periods,
    auditKey: server.keys.audit,
    eraseDue: server.core.deletions.eraseDue,
  });
  const run = (): Promise<RetentionReport> => retention.run(new AbortController().signal);
  /** Tokens last 10 minutes, and time flies here. */
  const ann = () => server.signIn("ann");
  return { server, run, ann };
}

const countChunks = async (server: TestServer): Promise<number> => (await server.chunks.statistics()).chunks;

async function replaceContent(
  device: Awaited<ReturnType<TestServer["signIn"]>>,
  file: { id: EntryId; versionId: VersionId },
  text: string,
) {
  const bytes = Buffer.from(text);
  await device.commit(
    [{ op: "edit_file", id: file.id, base_version_id: file.versionId, content: contentOf([bytes]) }],
    [bytes],
  );
}

test("[AP70] an old version goes after the retention time, not before, and its chunk with it", async (t) => {
  const { server, run, ann } = await start(t);
  const device = await ann();
  const file = await device.putFile("a.txt", "old");
  await replaceContent(device, file, "new");
  server.moveClock(30 * dayMs - hourMs);
  assert.equal((await run()).prunedVersions, 0);
  server.moveClock(2 * hourMs);
  assert.equal((await run()).prunedVersions, 1);
  assert.equal(await countChunks(server), 2);
  server.moveClock(hourMs);
  await run();
  const report = await run();
  assert.equal(await countChunks(server), 1);
  assert.equal(report.prunedVersions, 0);
  assert.equal(Buffer.from((await (await ann()).get(`/v1/files/content?file_id=${file.id}`)).bytes).toString(), "new");
});

test("[AP70] a deleted file leaves the trash after the retention time", async (t) => {
  const { server, run, ann } = await start(t);
  const device = await ann();
  const { id } = await device.putFile("a.txt", "gone");
  await device.commit([{ op: "delete", id }]);
  server.moveClock(29 * dayMs);
  await run();
  assert.equal((await (await ann()).get<{ entries: unknown[] }>("/v1/files/trash")).body.entries.length, 1);
  server.moveClock(2 * dayMs);
  assert.equal((await run()).prunedEntries, 1);
  assert.equal((await (await ann()).get<{ entries: unknown[] }>("/v1/files/trash")).body.entries.length, 0);
  assert.equal((await (await ann()).get(`/v1/files/versions?file_id=${id}`)).status, 404);
});

test("[AP71] a chunk that nobody holds goes in the second round that finds it so", async (t) => {
  const { server, run } = await start(t);
  const bytes = Buffer.from("nobody's");
  await server.chunks.put([{ hash: sha256(bytes) as never, bytes }]);
  server.moveClock(1000);
  assert.equal((await run()).collectedChunks, 0);
  server.moveClock(hourMs);
  assert.equal((await run()).collectedChunks, 1);
  assert.equal(await countChunks(server), 0);
});

test("[AP71] a chunk that is put again between the rounds stays, and can be committed", async (t) => {
  const { server, run, ann } = await start(t);
  const bytes = Buffer.from("back again");
  await server.chunks.put([{ hash: sha256(bytes) as never, bytes: Uint8Array.from(bytes) }]);
  server.moveClock(1000);
  await run();
  server.moveClock(hourMs);
  // Stored, and not yet held: the moment between the two steps of an upload.
  await server.chunks.put([{ hash: sha256(bytes) as never, bytes: Uint8Array.from(bytes) }]);
  assert.equal((await run()).collectedChunks, 0);
  const device = await ann();
  const { id } = await device.putFile("a.txt", "back again");
  server.moveClock(hourMs);
  await run();
  await run();
  assert.equal((await (await ann()).get(`/v1/files/content?file_id=${id}`)).status, 200);
});

test("[AP72] an uploaded chunk waits a day for its commit, and as long again after each question", async (t) => {
  const { server, run, ann } = await start(t);
  const pieces = [Buffer.from("uploaded early")];
  const workspace_id = (await ann()).login.workspace_id;
  const announced = await (
    await ann()
  ).post<{ upload_urls: string[] }>("/v1/files/upload_request", {
    parent_folder_id: "root",
    file_name: "a",
    file_size: 14,
    chunk_hashes: [sha256(pieces[0] ?? "")],
  });
  await call(announced.body.upload_urls[0] ?? "", "PUT", { raw: pieces[0] ?? "" });
  const isMissing = async () =>
    (await (await ann()).post<{ missing: number[] }>("/v1/chunks/missing", { workspace_id, chunks: pack(pieces) })).body
      .missing.length === 1;
  for (let round = 0; round < 3; round += 1) {
    server.moveClock(dayMs - hourMs);
    await run();
    assert.equal(await isMissing(), false);
  }
  server.moveClock(dayMs - hourMs);
  await run();
  const device = await ann();
  const content = contentOf(pieces);
  const { results } = await device.commit([
    { op: "create_file", id: device.newId(), parent_id: device.root, name: "a", content },
  ]);
  assert.equal(results[0]?.status, "done");
});

test("[AP72] an uploaded chunk that is never committed goes in the end", async (t) => {
  const { server, run, ann } = await start(t);
  const device = await ann();
  const pieces = [Buffer.from("abandoned")];
  await device.postFrame(
    "/v1/chunks/upload",
    { workspace_id: device.login.workspace_id, chunks: pack(pieces) },
    pieces,
  );
  server.moveClock(dayMs + hourMs);
  assert.equal((await run()).releasedChunks, 1);
  server.moveClock(hourMs);
  assert.equal((await run()).collectedChunks, 1);
  assert.equal(await countChunks(server), 0);
});

test("[AP71] rounds beside uploads lose nothing that was committed", async (t) => {
  const { server, run, ann } = await start(t);
  const device = await ann();
  const files: { id: EntryId; text: string }[] = [];
  for (let round = 0; round < 8; round += 1) {
    const uploads = Array.from({ length: 5 }, async (_, index) => {
      const text = `content ${round % 3} ${index}`;
      files.push({ id: (await device.putFile(`f${round}-${index}`, text)).id, text });
    });
    await Promise.all([run(), ...uploads]);
    await device.commit(files.splice(0, 3).map(({ id }) => ({ op: "delete" as const, id })));
    server.moveClock(1000);
  }
  for (const { id, text } of files) {
    assert.equal(Buffer.from((await device.get(`/v1/files/content?file_id=${id}`)).bytes).toString(), text);
  }
});
