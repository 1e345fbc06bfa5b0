import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import {
  changesPageSchema,
  decodeFrame,
  maxBundleBytes,
  splitFrameBody,
  type ChangesPage,
  type CommitResponse,
  type Cursor,
} from "@satchel/protocol";
import { call, contentOf, pack, sha256, startTestServer } from "../../test-server.fixture.ts";

test("[AP40] a commit stores what it carries, and each operation has its result", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const bytes = Buffer.from("carried");
  const [id, missing] = [ann.newId(), Buffer.from("never sent")];
  const response = await ann.commit(
    [
      { op: "create_file", id, parent_id: ann.root, name: "a.txt", content: contentOf([bytes]) },
      { op: "create_folder", id: ann.newId(), parent_id: ann.root, name: "a.txt" },
      { op: "create_file", id: ann.newId(), parent_id: ann.root, name: "b.txt", content: contentOf([missing]) },
    ],
    [bytes],
  );
  assert.deepEqual(
    response.results.map((result) => (result.status === "failed" ? result.code : result.status)),
    ["done", "name_taken", "chunk_missing"],
  );
  assert.partialDeepStrictEqual(response.results[1], { current: { id, name: "a.txt" } });
  assert.equal(response.cursor, await ann.cursor());
  assert.notEqual(response.before, response.cursor);
});

test("[AP40] carried bytes that aren't their hash refuse everything, and nothing is stored", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const seen = await ann.cursor();
  const operations = [{ op: "create_folder", id: ann.newId(), parent_id: ann.root, name: "f" }];
  const head = {
    workspace_id: ann.login.workspace_id,
    seen,
    operations,
    carried: pack([Buffer.from("right"), Buffer.from("these")]),
  };
  for (const pieces of [["right", "wrong"], ["right"], ["right", "these", "more"], []]) {
    const answer = await ann.postFrame(
      "/v1/sync/commit",
      head,
      pieces.map((piece) => Buffer.from(piece)),
    );
    assert.deepEqual([answer.status, answer.body.code], [400, "hash_mismatch"], String(pieces));
  }
  const unnamed = await ann.postFrame("/v1/sync/commit", { ...head, carried: undefined }, [Buffer.from("right")]);
  assert.deepEqual([unnamed.status, unnamed.body.code], [400, "bad_request"]);
  assert.equal(await ann.cursor(), seen);
  assert.equal((await server.chunks.statistics()).chunks, 0);
});

test("[AP37] a repeated commit changes nothing and gives the first answer", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const bytes = Buffer.from("once");
  const content = contentOf([bytes]);
  const head = {
    workspace_id: ann.login.workspace_id,
    seen: await ann.cursor(),
    carried: pack([bytes]),
    operations: [{ op: "create_file", id: ann.newId(), parent_id: ann.root, name: "a.txt", content }],
  };
  const key = { "idempotency-key": "commit-1" };
  const first = await ann.postFrame<CommitResponse>("/v1/sync/commit", head, [bytes], key);
  const again = await ann.postFrame<CommitResponse>("/v1/sync/commit", head, [bytes], key);
  assert.deepEqual(again.body, first.body);
  assert.equal(await ann.cursor(), first.body.cursor);
  const other = { ...head, operations: [{ op: "delete", id: head.operations[0]?.id }] };
  const reused = await ann.postFrame("/v1/sync/commit", other, [bytes], key);
  assert.deepEqual([reused.status, reused.body.code], [409, "key_reused"]);
});

test("[AP41] the feed comes in pages, each entry once with its latest state", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const start = await ann.cursor();
  const ids = Array.from({ length: 5 }, () => ann.newId());
  await ann.commit(ids.map((id, index) => ({ op: "create_folder", id, parent_id: ann.root, name: `f${index}` })));
  const [first] = ids;
  assert.ok(first);
  await ann.commit([
    { op: "move", id: first, parent_id: ann.root, name: "moved", base_parent_id: ann.root, base_name: "f0" },
  ]);
  const names: string[] = [];
  let page: ChangesPage = { changes: [], cursor: start, has_more: true };
  for (; page.has_more; names.push(...page.changes.map((change) => change.name))) {
    page = (await ann.get<ChangesPage>(`/v1/sync/changes?cursor=${page.cursor}&limit=2`)).body;
    assert.ok(page.changes.length <= 2);
  }
  assert.deepEqual(names, ["f1", "f2", "f3", "f4", "moved"]);
});

test("[AP41] the feed answers what its schema says, and nothing else", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("a.txt", "text");
  const [folder, gone] = [ann.newId(), ann.newId()];
  await ann.commit([
    { op: "create_folder", id: folder, parent_id: ann.root, name: "folder" },
    { op: "create_folder", id: gone, parent_id: ann.root, name: "gone" },
    {
      op: "create_link",
      id: ann.newId(),
      parent_id: folder,
      name: "link",
      link_target: "a.txt",
      modified: "2026-01-31T12:00:00.000Z",
    },
    { op: "move", id, base_parent_id: ann.root, base_name: "a.txt", parent_id: folder, name: "b.txt", conflict_of: id },
  ]);
  const start = await ann.get<ChangesPage>("/v1/sync/changes?limit=1");
  await ann.commit([{ op: "delete", id: gone }]);
  const { body } = await ann.get<ChangesPage>(`/v1/sync/changes?cursor=${start.body.cursor}`);
  assert.ok(body.changes.length >= 3 && body.changes.some(({ deleted }) => deleted));
  // What the schema doesn't know is left out by reading with it.
  for (const page of [start.body, body]) assert.deepEqual(changesPageSchema.parse(page), page);
});

test("[AP8] a parameter without a value is one that was left out", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const left = await ann.get("/v1/sync/changes");
  assert.deepEqual((await ann.get("/v1/sync/changes?workspace_id=&cursor=")).body, left.body);
  assert.equal((await ann.get("/v1/sync/poll?cursor=&timeout=0")).status, 200);
  assert.equal((await ann.get("/v1/files/metadata?folder_id=root&cursor=")).status, 200);
});

test("[AP41] cursors that never were, of another time line, and from the future are told apart", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const cursor = await ann.cursor();
  const ahead = cursor.replace(/^\d+/, "1000000");
  const expectations = [
    ["nonsense", 400, "bad_cursor"],
    [`-1${cursor.slice(1)}`, 400, "bad_cursor"],
    [`9${"9".repeat(20)}.x`, 400, "bad_cursor"],
    ["0.other", 410, "cursor_expired"],
    [ahead, 410, "cursor_ahead"],
  ] as const;
  for (const [text, status, code] of expectations) {
    for (const path of ["/v1/sync/changes?", "/v1/sync/poll?timeout=0&"]) {
      const answer = await ann.get(`${path}cursor=${encodeURIComponent(text)}`);
      assert.deepEqual([answer.status, answer.body.code], [status, code], path + text);
    }
  }
  const operations = [{ op: "create_folder", id: ann.newId(), parent_id: ann.root, name: "f" }];
  for (const [seen, code] of [
    ["0.other", "cursor_expired"],
    [ahead, "cursor_ahead"],
    ["nonsense", "bad_cursor"],
  ]) {
    const answer = await ann.post("/v1/sync/commit", { workspace_id: ann.login.workspace_id, seen, operations });
    assert.equal(answer.body.code, code);
  }
  assert.equal(await ann.cursor(), cursor);
});

test("[AP42] manifests come in order, null for what is gone", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id, versionId } = await ann.putFile("a.txt", "content");
  const { body } = await ann.post<{ manifests: unknown[] }>("/v1/sync/manifests", {
    workspace_id: ann.login.workspace_id,
    versions: [
      { id: ann.newId(), version_id: "v1" },
      { id, version_id: versionId },
    ],
  });
  assert.deepEqual(body.manifests, [null, pack([Buffer.from("content")])]);
});

test("[AP43] chunks are asked for, sent and fetched in bundles", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { workspace_id } = ann.login;
  const pieces = [randomBytes(10), randomBytes(300_000), randomBytes(1)];
  const missing = () =>
    ann.post<{ missing: number[]; upload_urls?: string[] }>("/v1/chunks/missing", {
      workspace_id,
      chunks: pack(pieces),
      urls: true,
    });
  const before = await missing();
  assert.deepEqual(before.body.missing, [0, 1, 2]);
  await call(before.body.upload_urls?.[1] ?? "", "PUT", { raw: pieces[1] ?? "" });
  const rest = pieces.filter((_, index) => index !== 1);
  const stored = await ann.postFrame<{ stored: number }>(
    "/v1/chunks/upload",
    { workspace_id, chunks: pack(rest) },
    rest,
  );
  assert.equal(stored.body.stored, 2);
  assert.deepEqual((await missing()).body, { missing: [], upload_urls: [] });
  const answer = await ann.post("/v1/chunks/download", { workspace_id, chunks: pack(pieces) });
  const { head, body } = decodeFrame(answer.bytes);
  assert.deepEqual(
    splitFrameBody(body, (head as { sizes: number[] }).sizes).map((piece) => sha256(piece)),
    pieces.map((piece) => sha256(piece)),
  );
  const urls = await ann.post<{ urls: string[] }>("/v1/chunks/download_urls", { workspace_id, chunks: pack(pieces) });
  assert.equal(sha256((await call(urls.body.urls[1] ?? "", "GET")).bytes), sha256(pieces[1] ?? ""));
});

test("[AP43] bundles that are too large, or have a stranger's chunk, are refused", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { workspace_id } = ann.login;
  const known = Buffer.from("known");
  await ann.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack([known]) }, [known]);
  const mixed = await ann.post("/v1/chunks/download", { workspace_id, chunks: pack([known, Buffer.from("unknown")]) });
  assert.deepEqual([mixed.status, mixed.body.code], [404, "not_found"]);
  const packed = Buffer.from(pack([known]), "base64");
  const many = Buffer.concat(Array.from({ length: 16_385 }, () => packed)).toString("base64");
  assert.equal((await ann.post("/v1/chunks/missing", { workspace_id, chunks: many })).body.code, "bad_request");
  const half = Buffer.from(packed.subarray(0, 20)).toString("base64");
  assert.equal((await ann.post("/v1/chunks/missing", { workspace_id, chunks: half })).body.code, "bad_request");
  const large = Array.from({ length: 5 }, () => Buffer.alloc(4 * 1024 * 1024));
  assert.ok(large.length * 4 * 1024 * 1024 > maxBundleBytes);
  const upload = await ann.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack(large) }, large);
  assert.deepEqual([upload.status, upload.body.code], [413, "body_too_large"]);
  assert.equal((await ann.post("/v1/chunks/download", { workspace_id, chunks: pack(large) })).body.code, "bad_request");
});

test("[AP43] a request without a cursor starts at the beginning", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("a.txt", "x");
  await ann.commit([{ op: "delete", id }]);
  await ann.putFile("b.txt", "y");
  const { body } = await ann.get<{ changes: { name: string }[]; cursor: Cursor }>("/v1/sync/changes");
  assert.deepEqual(
    body.changes.map(({ name }) => name),
    ["b.txt"],
  );
});
