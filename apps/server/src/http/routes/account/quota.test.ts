import assert from "node:assert/strict";
import { test } from "node:test";
import { call, contentOf, pack, sha256, startTestServer, versionHashOf } from "../../test-server.fixture.ts";

const kib = (letter: string) => Buffer.alloc(1024, letter);

test("[SE22] bytes that could never be committed are refused before they land, on every way in", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann", 1500);
  const { workspace_id } = ann.login;
  await ann.putFile("first", "x".repeat(1000));
  const before = (await server.chunks.statistics()).chunks;
  const announced = await ann.post("/v1/files/upload_request", {
    parent_folder_id: "root",
    file_name: "big",
    file_size: 1024,
    chunk_hashes: [sha256(kib("b"))],
  });
  assert.deepEqual([announced.status, announced.body.code, announced.body.missing_bytes], [413, "quota_exceeded", 524]);
  const bundle = await ann.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack([kib("b")]) }, [kib("b")]);
  assert.deepEqual([bundle.status, bundle.body.code, bundle.body.missing_bytes], [413, "quota_exceeded", 524]);
  const { body } = await ann.post<{ upload_urls: string[] }>("/v1/chunks/missing", {
    workspace_id,
    chunks: pack([kib("b")]),
    urls: true,
  });
  const put = await call(body.upload_urls[0] ?? "", "PUT", { raw: kib("b") });
  assert.deepEqual([put.status, put.body.code, put.body.missing_bytes], [413, "quota_exceeded", 524]);
  assert.equal((await server.chunks.statistics()).chunks, before);
});

test("[SE22] what the workspace holds already takes no room, and may be sent again when it is full", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann", 1024);
  const { workspace_id } = ann.login;
  await ann.putFile("first", kib("a").toString());
  const again = await ann.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack([kib("a")]) }, [kib("a")]);
  assert.equal(again.status, 200);
  await ann.putFile("second", kib("a").toString());
});

test("[SE20] a commit that carries too much is told so for the operation that has no room, and the others are done", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann", 1500);
  const { id } = await ann.putFile("old", "x");
  const { results } = await ann.commit(
    [
      {
        op: "create_file",
        id: ann.newId(),
        parent_id: ann.root,
        name: "big",
        content: contentOf([kib("a"), kib("b")]),
      },
      { op: "delete", id },
    ],
    [kib("a"), kib("b")],
  );
  assert.deepEqual(
    results.map((result) => (result.status === "failed" ? [result.code, result.missing_bytes] : "done")),
    [["quota_exceeded", 549], "done"],
  );
});

test("[SE22] whoever brings chunks and never commits them is stopped", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann", 80 * 1024 * 1024);
  const { workspace_id } = ann.login;
  let landed = 0;
  let status = 200;
  for (; status === 200 && landed < 50; landed += 1) {
    const pieces = [Buffer.alloc(4 * 1024 * 1024, landed + 1)];
    ({ status } = await ann.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack(pieces) }, pieces));
  }
  assert.deepEqual([status, landed], [413, 21]);
});

test("[SE22] without a limit nothing is refused, and a limit that another program sets is seen within 2 seconds", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { workspace_id } = ann.login;
  const put = async (letter: string) =>
    (await ann.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack([kib(letter)]) }, [kib(letter)])).status;
  assert.equal(await put("a"), 200);
  await server.metadata.ledger.setQuota({ accountId: ann.login.account_id, quotaBytes: 100 });
  server.moveClock(2001);
  assert.equal(await put("b"), 413);
});

test("[SE20] a file commit that has no room is 413 with what is missing", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { body } = await ann.post<{ file_id: string; upload_urls: string[] }>("/v1/files/upload_request", {
    parent_folder_id: "root",
    file_name: "big",
    file_size: 1024,
    chunk_hashes: [sha256(kib("b"))],
  });
  assert.equal((await call(body.upload_urls[0] ?? "", "PUT", { raw: kib("b") })).status, 200);
  await server.metadata.ledger.setQuota({ accountId: ann.login.account_id, quotaBytes: 1000 });
  const commit = { file_id: body.file_id, version_hash: versionHashOf([kib("b")]), chunk_hashes: [sha256(kib("b"))] };
  const refused = await ann.post("/v1/files/commit", commit);
  assert.deepEqual([refused.status, refused.body.code, refused.body.missing_bytes], [413, "quota_exceeded", 24]);
});

test("[SE23] the use is told with its parts and the limit", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann", 5000);
  await ann.putFile("kept", "x".repeat(100));
  const { id } = await ann.putFile("gone", "y".repeat(30));
  await ann.commit([{ op: "delete", id }]);
  assert.deepEqual((await ann.get<unknown>("/v1/usage")).body, {
    workspace_id: ann.login.workspace_id,
    used_bytes: 130,
    quota_bytes: 5000,
    free_bytes: 4870,
    pending_bytes: 0,
    files_bytes: 100,
    versions_bytes: 0,
    trash_bytes: 30,
  });
});
