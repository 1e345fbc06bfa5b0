import assert from "node:assert/strict";
import { test } from "node:test";
import { call, contentOf, pack, sha256, startTestServer, versionHashOf } from "../test-server.fixture.ts";

async function startWithTwo(t: Parameters<typeof startTestServer>[0]) {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const bob = await server.signUp("bob");
  const file = await ann.putFile("private.txt", "only for ann");
  return { server, ann, bob, file };
}

test("[AP20] another account's ids are answered as ids that don't exist", async (t) => {
  const { ann, bob, file } = await startWithTwo(t);
  const none = ann.newId();
  const asks = [
    (id: string) => bob.get(`/v1/files/metadata?file_id=${id}`),
    (id: string) => bob.get(`/v1/files/metadata?folder_id=${id}`),
    (id: string) => bob.get(`/v1/files/versions?file_id=${id}`),
    (id: string) => bob.get(`/v1/files/content?file_id=${id}`),
    (id: string) => bob.get(`/v1/files/content?file_id=${id}&version_id=${file.versionId}`),
    (id: string) => bob.post("/v1/files/restore", { file_id: id }),
    (id: string) =>
      bob.post("/v1/files/upload_request", { parent_folder_id: id, file_name: "x", file_size: 0, chunk_hashes: [] }),
    (id: string) =>
      bob.post("/v1/files/upload_request", {
        parent_folder_id: "root",
        file_id: id,
        file_name: "x",
        file_size: 0,
        chunk_hashes: [],
      }),
    (id: string) => bob.post("/v1/files/commit", { file_id: id, version_hash: sha256(""), chunk_hashes: [] }),
  ];
  for (const ask of asks) {
    const [existing, missing] = [await ask(file.id), await ask(none)];
    assert.deepEqual([existing.status, existing.body.code], [404, "not_found"]);
    assert.deepEqual({ ...existing.body, request_id: "" }, { ...missing.body, request_id: "" });
  }
  assert.equal((await bob.get(`/v1/files/metadata?folder_id=${ann.root}`)).status, 404);
});

test("[AP20] what can't be an id is the id of nothing", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  for (const path of [
    "/v1/files/metadata?file_id=no-such-file",
    "/v1/files/metadata?folder_id=no-such-folder",
    "/v1/files/versions?file_id=no-such-file",
    "/v1/sync/changes?workspace_id=no-such-workspace",
    "/v1/sync/poll?workspace_id=no-such-workspace&timeout=0",
  ]) {
    const answer = await ann.get(path);
    assert.deepEqual([answer.status, answer.body.code], [404, "not_found"], path);
  }
  const file = { file_name: "a", file_size: 0, chunk_hashes: [] };
  const place = { ...file, parent_folder_id: "no-such-folder" };
  assert.equal((await ann.post("/v1/files/upload_request", place)).status, 404);
  assert.equal((await ann.post("/v1/files/upload_request", { ...place, file_size: -1 })).status, 400);
  assert.equal((await ann.post("/v1/files/upload_request", { ...file, parent_folder_id: 5 })).status, 400);
});

test("[AP20] another account's workspace and devices don't exist", async (t) => {
  const { server, ann, bob, file } = await startWithTwo(t);
  const workspace_id = ann.login.workspace_id;
  const pieces = [Buffer.from("only for ann")];
  const answers = [
    await bob.get(`/v1/sync/changes?workspace_id=${workspace_id}`),
    await bob.get(`/v1/sync/poll?workspace_id=${workspace_id}&timeout=0`),
    await bob.post("/v1/sync/manifests", { workspace_id, versions: [{ id: file.id, version_id: file.versionId }] }),
    await bob.post("/v1/sync/commit", {
      workspace_id,
      seen: await bob.cursor(),
      operations: [{ op: "delete", id: file.id }],
    }),
    await bob.post("/v1/chunks/missing", { workspace_id, chunks: pack(pieces) }),
    await bob.post("/v1/chunks/download", { workspace_id, chunks: pack(pieces) }),
    await bob.post("/v1/chunks/download_urls", { workspace_id, chunks: pack(pieces) }),
    await bob.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack(pieces) }, pieces),
    await call(`${server.url}/v1/devices/${ann.login.device_id}`, "DELETE", { headers: bob.authorization }),
  ];
  for (const { status, body } of answers) assert.deepEqual([status, body.code], [404, "not_found"]);
  assert.equal((await ann.get("/v1/account")).status, 200);
  await assert.rejects(bob.listen(t, `?workspace_id=${workspace_id}`), /404/);
});

test("[AP20] operations on another account's entries within one's own workspace change nothing", async (t) => {
  const { ann, bob, file } = await startWithTwo(t);
  const before = await ann.cursor();
  const { results } = await bob.commit([
    { op: "delete", id: file.id },
    {
      op: "move",
      id: file.id,
      parent_id: bob.root,
      name: "stolen.txt",
      base_parent_id: ann.root,
      base_name: "private.txt",
    },
    { op: "create_folder", id: bob.newId(), parent_id: ann.root, name: "intruder" },
    { op: "create_folder", id: ann.newId(), parent_id: bob.root, name: "foreign id" },
  ]);
  for (const result of results) assert.equal(result.status, "failed", JSON.stringify(result));
  assert.doesNotMatch(JSON.stringify(results), /private|only for ann/);
  assert.equal(await ann.cursor(), before);
});

test("[AP21] a chunk that only others have is missing, and can be neither committed nor fetched", async (t) => {
  const { bob } = await startWithTwo(t);
  const { workspace_id } = bob.login;
  const pieces = [Buffer.from("only for ann")];
  const hash = sha256(pieces[0] ?? "");
  assert.deepEqual((await bob.post<unknown>("/v1/chunks/missing", { workspace_id, chunks: pack(pieces) })).body, {
    missing: [0],
  });
  assert.equal((await bob.post("/v1/chunks/download", { workspace_id, chunks: pack(pieces) })).status, 404);
  assert.equal((await bob.post("/v1/chunks/download_urls", { workspace_id, chunks: pack(pieces) })).status, 404);
  const announced = await bob.post<{ file_id: string; missing_chunk_hashes: string[] }>("/v1/files/upload_request", {
    parent_folder_id: "root",
    file_name: "mine.txt",
    file_size: 12,
    chunk_hashes: [hash],
  });
  assert.deepEqual(announced.body.missing_chunk_hashes, [hash]);
  const committed = await bob.post("/v1/files/commit", {
    file_id: announced.body.file_id,
    version_hash: versionHashOf(pieces),
    chunk_hashes: [hash],
  });
  assert.deepEqual(
    [committed.status, committed.body.code, committed.body.missing_chunk_hashes],
    [422, "chunk_missing", [hash]],
  );
  const { results } = await bob.commit([
    { op: "create_file", id: bob.newId(), parent_id: bob.root, name: "mine.txt", content: contentOf(pieces) },
  ]);
  assert.equal(results[0]?.status === "failed" && results[0].code, "chunk_missing");
});

test("[AP21] a signed address of one account gives nothing to another workspace", async (t) => {
  const { ann } = await startWithTwo(t);
  const { workspace_id } = ann.login;
  const { body } = await ann.post<{ urls: string[] }>("/v1/chunks/download_urls", {
    workspace_id,
    chunks: pack([Buffer.from("only for ann")]),
  });
  const url = new URL(body.urls[0] ?? "");
  assert.equal(Buffer.from((await call(url.href, "GET")).bytes).toString(), "only for ann");
  url.searchParams.set("workspace", "a".repeat(16));
  assert.deepEqual((await call(url.href, "GET")).body.code, "url_expired");
});

test("[AP20] events reach only the account's own devices", async (t) => {
  const { ann, bob } = await startWithTwo(t);
  const listening = await bob.listen(t);
  await ann.putFile("second.txt", "also only for ann");
  await bob.putFile("own.txt", "for bob");
  assert.deepEqual((await listening.next<{ file_path: string }>()).file_path, "/own.txt");
});
