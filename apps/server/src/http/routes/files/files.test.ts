import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Metadata, Problem } from "@satchel/protocol";
import { call, sha256, startTestServer, versionHashOf, type TestDevice } from "../../test-server.fixture.ts";

interface Announced {
  readonly file_id: string;
  readonly missing_chunk_hashes: string[];
  readonly upload_urls: string[];
}
type Committed = Problem & { readonly success: boolean; readonly new_version_id: string };

function announce(
  device: TestDevice,
  name: string,
  pieces: readonly Uint8Array[],
  extra: Record<string, unknown> = {},
  headers?: Record<string, string>,
) {
  return device.post<Announced & Problem>(
    "/v1/files/upload_request",
    {
      parent_folder_id: "root",
      file_name: name,
      file_size: pieces.reduce((sum, piece) => sum + piece.length, 0),
      chunk_hashes: pieces.map((piece) => sha256(piece)),
      ...extra,
    },
    headers,
  );
}

function commitBody(fileId: string, pieces: readonly Uint8Array[], extra: Record<string, unknown> = {}) {
  return {
    file_id: fileId,
    version_hash: versionHashOf(pieces),
    chunk_hashes: pieces.map((piece) => sha256(piece)),
    ...extra,
  };
}

async function upload(
  device: TestDevice,
  name: string,
  pieces: readonly Uint8Array[],
  extra?: Record<string, unknown>,
) {
  const { body } = await announce(device, name, pieces, extra);
  for (const [index, url] of body.upload_urls.entries()) {
    const piece = pieces.find((candidate) => sha256(candidate) === body.missing_chunk_hashes[index]);
    assert.equal((await call(url, "PUT", { raw: piece ?? "" })).status, 200);
  }
  return body.file_id;
}

const text = (content: string): Buffer => Buffer.from(content);

test("[AP30] a file is announced, brought and committed, and reads the same", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const pieces = [randomBytes(4 * 1024 * 1024), randomBytes(1000)];
  const fileId = await upload(ann, "big.bin", pieces);
  const { body } = await ann.post<Committed>(
    "/v1/files/commit",
    commitBody(fileId, pieces, { base_version_id: null, executable: true }),
  );
  assert.equal(body.success, true);
  const metadata = (await ann.get<Metadata>(`/v1/files/metadata?file_id=${fileId}`)).body;
  assert.equal(metadata.latest_version, body.new_version_id);
  assert.equal(metadata.size, 4 * 1024 * 1024 + 1000);
  assert.deepEqual(metadata.chunk_sizes, [4 * 1024 * 1024, 1000]);
  assert.equal(metadata.executable, true);
  assert.equal(metadata.parent_folder_id, ann.root);
  const content = await ann.get(`/v1/files/content?file_id=${fileId}`);
  assert.equal(sha256(content.bytes), sha256(...pieces));
  assert.equal(content.headers.get("content-length"), String(metadata.size));
});

test("[AP30] a chunk that is there, or comes twice, is asked for at most once", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  await ann.putFile("known.txt", "known");
  const sizes = { chunk_sizes: [5, 3, 3] };
  const { body } = await announce(ann, "new.txt", [text("known"), text("new"), text("new")], sizes);
  assert.deepEqual(body.missing_chunk_hashes, [sha256("new")]);
  assert.equal(body.upload_urls.length, 1);
});

test("[AP30] sizes and counts that don't fit are refused", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const pieces = [text("abc")];
  for (const extra of [
    { file_size: 4, chunk_sizes: [3] },
    { chunk_sizes: [1, 2] },
    { file_size: 0 },
    { file_size: 5_000_000 },
    { file_size: -1 },
    { file_size: 2 ** 60 },
    { chunk_sizes: [0] },
  ]) {
    const answer = await announce(ann, "a.txt", pieces, extra);
    assert.deepEqual([answer.status, answer.body.code], [400, "bad_request"], JSON.stringify(extra));
  }
  for (const name of ["", ".", "..", "a/b", "a\0b", "é".repeat(128)]) {
    assert.equal((await announce(ann, name, pieces)).status, 400, JSON.stringify(name));
  }
  assert.equal((await announce(ann, "é".repeat(127), pieces)).status, 200);
});

test("[AP30] an upload over the quota is refused before it starts", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann", 10);
  const answer = await announce(ann, "a.txt", [text("12345678901")]);
  assert.deepEqual([answer.status, answer.body.code], [413, "quota_exceeded"]);
});

test("[AP31] an upload address takes only its bytes, for 10 minutes, and again without harm", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { body } = await announce(ann, "a.txt", [text("hello")]);
  const url = body.upload_urls[0] ?? "";
  const put = async (raw: string, target = url) => (await call(target, "PUT", { raw })).body;
  assert.equal((await put("hallo")).code, "hash_mismatch");
  assert.equal((await put("hell")).code, "hash_mismatch");
  assert.equal((await put("hello!")).code, "hash_mismatch");
  assert.equal((await put("")).code, "hash_mismatch");
  for (const [name, value] of Object.entries({
    size: "6",
    workspace: "b".repeat(16),
    expires: "9999999999999",
    signature: "AAAA",
  })) {
    const changed = new URL(url);
    changed.searchParams.set(name, value);
    const answer = await call(changed.href, "PUT", { raw: "hello" });
    assert.deepEqual([answer.status, answer.body.code], [403, "url_expired"], name);
  }
  assert.equal((await put("hello", url.replace(sha256("hello"), sha256("hallo")))).code, "url_expired");
  assert.equal((await call(url, "GET")).body.code, "url_expired");
  assert.deepEqual((await server.chunks.statistics()).chunks, 0);
  assert.equal((await call<{ success: boolean }>(url, "PUT", { raw: "hello" })).body.success, true);
  assert.equal(
    (await call<{ success: boolean }>(url, "PUT", { raw: "hello", headers: { "content-type": "text/plain" } })).body
      .success,
    true,
  );
  server.moveClock(600_001);
  assert.equal((await put("hello")).code, "url_expired");
});

test("[AP32] a new version needs the one it was based on, or says nothing and replaces the latest", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const fileId = await upload(ann, "a.txt", [text("one")]);
  const first = await ann.post<Committed>(
    "/v1/files/commit",
    commitBody(fileId, [text("one")], { base_version_id: null }),
  );
  for (const content of ["two", "three"]) await upload(ann, "a.txt", [text(content)], { file_id: fileId });
  const second = await ann.post<Committed>(
    "/v1/files/commit",
    commitBody(fileId, [text("two")], { base_version_id: first.body.new_version_id }),
  );
  assert.equal(second.status, 200);
  const third = await ann.post<Committed>("/v1/files/commit", commitBody(fileId, [text("three")]));
  assert.equal(third.status, 200);
  const repeated = await ann.post<Committed>("/v1/files/commit", commitBody(fileId, [text("three")]));
  assert.equal(repeated.body.new_version_id, third.body.new_version_id);
  const versions = await ann.get<{ versions: { version: string }[] }>(`/v1/files/versions?file_id=${fileId}`);
  assert.deepEqual(
    versions.body.versions.map(({ version }) => version),
    [third, second, first].map(({ body }) => body.new_version_id),
  );
});

test("[AP33] a file that moved on, or exists, or a name in use is 409 with the current state", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const fileId = await upload(ann, "a.txt", [text("one")]);
  const other = await upload(ann, "a.txt", [text("two")]);
  const first = await ann.post<Committed>(
    "/v1/files/commit",
    commitBody(fileId, [text("one")], { base_version_id: null }),
  );
  const second = await ann.post<Committed>(
    "/v1/files/commit",
    commitBody(fileId, [text("two")], { base_version_id: first.body.new_version_id }),
  );
  const current = { file_id: fileId, latest_version: second.body.new_version_id, name: "a.txt" };
  const refusals = [
    [commitBody(fileId, [text("one")], { base_version_id: first.body.new_version_id }), "version_conflict"],
    [commitBody(fileId, [text("one")], { base_version_id: null }), "version_conflict"],
    [commitBody(other, [text("two")], { base_version_id: null }), "name_taken"],
    [commitBody(other, [text("two")]), "name_taken"],
  ] as const;
  for (const [body, code] of refusals) {
    const answer = await ann.post("/v1/files/commit", body);
    assert.deepEqual([answer.status, answer.body.code], [409, code]);
    assert.partialDeepStrictEqual(answer.body.current, current);
  }
});

test("[AP32] chunks that were not brought, hashes that don't fit, and unknown files are refused", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { body } = await announce(ann, "a.txt", [text("one")]);
  const missing = await ann.post("/v1/files/commit", commitBody(body.file_id, [text("one")]));
  assert.deepEqual(
    [missing.status, missing.body.code, missing.body.missing_chunk_hashes],
    [422, "chunk_missing", [sha256("one")]],
  );
  await call(body.upload_urls[0] ?? "", "PUT", { raw: "one" });
  const wrong = await ann.post(
    "/v1/files/commit",
    commitBody(body.file_id, [text("one")], { version_hash: sha256("x") }),
  );
  assert.deepEqual([wrong.status, wrong.body.code], [422, "manifest_mismatch"]);
  assert.equal((await ann.post("/v1/files/commit", commitBody(ann.newId(), [text("one")]))).status, 404);
  assert.equal((await ann.post("/v1/files/commit", commitBody(ann.root, [text("one")]))).status, 404);
  server.moveClock(24 * 3600 * 1000 + 1);
  const again = await server.signIn("ann");
  assert.equal((await again.post("/v1/files/commit", commitBody(body.file_id, [text("one")]))).status, 404);
});

test("[AP34] a folder's entries come in pages, and root is the account's root", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const names = ["a", "b", "c", "d", "e"];
  await ann.commit(names.map((name) => ({ op: "create_folder", id: ann.newId(), parent_id: ann.root, name })));
  const seen: string[] = [];
  for (let cursor: string | null | undefined = ""; cursor !== null;) {
    const page: Metadata = (
      await ann.get<Metadata>(
        `/v1/files/metadata?folder_id=root&limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
      )
    ).body;
    assert.ok((page.entries?.length ?? 0) <= 2);
    seen.push(...(page.entries ?? []).map((entry) => entry.name));
    cursor = page.cursor ?? null;
  }
  assert.deepEqual(seen.toSorted(), names);
  for (const query of ["", "?file_id=root&folder_id=root", "?folder_id=root&limit=0", "?folder_id=root&limit=1001"]) {
    assert.equal((await ann.get(`/v1/files/metadata${query}`)).status, 400, query);
  }
});

test("[AP34] a path leads to its entry", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const folder = ann.newId();
  await ann.commit([{ op: "create_folder", id: folder, parent_id: ann.root, name: "döcs & more" }]);
  assert.deepEqual((await ann.get<unknown>(`/v1/files/resolve?path=${encodeURIComponent("/döcs & more")}`)).body, {
    file_id: folder,
    type: "folder",
  });
  assert.deepEqual((await ann.get<{ file_id: string }>("/v1/files/resolve?path=/")).body.file_id, ann.root);
  assert.equal((await ann.get("/v1/files/resolve?path=/none")).status, 404);
  assert.equal((await ann.get("/v1/files/resolve?path=docs")).status, 400);
});

test("[AP37] a repeated key gives the first answer, and another request with it is refused", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const key = { "idempotency-key": "key-1" };
  const first = await announce(ann, "a.txt", [text("one")], {}, key);
  server.moveClock(5 * 60_000);
  assert.deepEqual((await announce(ann, "a.txt", [text("one")], {}, key)).body, first.body);
  await call(first.body.upload_urls[0] ?? "", "PUT", { raw: "one" });
  const body = commitBody(first.body.file_id, [text("one")], { base_version_id: null });
  const committed = await ann.post<Committed>("/v1/files/commit", body, key);
  const before = await ann.cursor();
  const repeated = await ann.post<Committed>("/v1/files/commit", body, key);
  assert.deepEqual(repeated.body, committed.body);
  const reused = await ann.post("/v1/files/commit", { ...body, executable: true }, key);
  assert.deepEqual([reused.status, reused.body.code], [409, "key_reused"]);
  const onLatest = commitBody(first.body.file_id, [text("one")], { executable: true });
  const edited = await ann.post<Committed>("/v1/files/commit", onLatest, { "idempotency-key": "key-2" });
  const after = await ann.cursor();
  assert.notEqual(after, before);
  assert.deepEqual(
    (await ann.post<Committed>("/v1/files/commit", onLatest, { "idempotency-key": "key-2" })).body,
    edited.body,
  );
  assert.equal(await ann.cursor(), after);
});
