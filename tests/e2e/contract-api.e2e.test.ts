import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { openStage, type Stage } from "./support/stage.ts";

// The HTTP API as a script meets it that has read nothing but the contract.

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

type Call = (method: string, path: string, options?: { body?: unknown; key?: string }) => Promise<Answer>;

async function scriptOf(stage: Stage): Promise<Call> {
  const token = (await stage.device("a").satchel(["token"])).trim();
  return async (method, path, { body, key } = {}) => {
    const isBytes = body instanceof Uint8Array;
    const response = await fetch(path.startsWith("http") ? path : stage.server.url + path, {
      method,
      headers: {
        ...(isBytes ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined || isBytes ? {} : { "content-type": "application/json" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      body: (await response.json()) as Record<string, unknown>,
    };
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function versionHash(hashes: readonly string[]): string {
  return sha256(Buffer.concat(hashes.map((hash) => Buffer.from(hash, "hex"))));
}

test("[AP30] [AP31] [AP32] [AP37] a file goes up in the default pieces of 4 MiB, and every answer is repeated after a restart", async () => {
  await using stage = await openStage({ devices: ["a"], start: false });
  const call = await scriptOf(stage);
  const content = randomBytes(5 * 1024 * 1024);
  const pieces = [content.subarray(0, 4 * 1024 * 1024), content.subarray(4 * 1024 * 1024)];
  const hashes = pieces.map(sha256);
  const request = { parent_folder_id: "root", file_name: "big.bin", file_size: content.length, chunk_hashes: hashes };
  const announced = await call("POST", "/v1/files/upload_request", { body: request, key: "announce" });
  assert.deepEqual(Object.keys(announced.body).toSorted(), ["file_id", "missing_chunk_hashes", "upload_urls"]);
  assert.deepEqual(announced.body["missing_chunk_hashes"], hashes);
  await stage.server.stop();
  await stage.server.restart();
  assert.deepEqual(await call("POST", "/v1/files/upload_request", { body: request, key: "announce" }), announced);

  const urls = announced.body["upload_urls"] as string[];
  const wrong = await call("PUT", urls[0] ?? "", { body: randomBytes(4 * 1024 * 1024 + 1) });
  assert.deepEqual([wrong.status, wrong.body["code"]], [400, "hash_mismatch"]);
  const commit = {
    file_id: announced.body["file_id"],
    version_hash: versionHash(hashes),
    chunk_hashes: hashes,
    base_version_id: null,
  };
  assert.equal((await call("POST", "/v1/files/commit", { body: commit })).status, 422);
  for (const [index, url] of urls.entries())
    assert.equal((await call("PUT", url, { body: pieces[index] })).status, 200);
  const committed = await call("POST", "/v1/files/commit", { body: commit, key: "commit" });
  assert.equal(committed.status, 200);
  assert.equal(committed.body["success"], true);
  await stage.server.stop();
  await stage.server.restart();
  assert.deepEqual(await call("POST", "/v1/files/commit", { body: commit, key: "commit" }), committed);
  const metadata = await call("GET", `/v1/files/metadata?file_id=${String(commit.file_id)}`);
  assert.deepEqual(metadata.body["chunk_sizes"], [4 * 1024 * 1024, 1024 * 1024]);
  assert.equal(metadata.body["latest_version"], committed.body["new_version_id"]);
});

test("[AP1] [AP2] [AP20] refusals are problems with five members, also for 10 MB of JSON and for ids of nothing", async () => {
  await using stage = await openStage({ devices: ["a"], start: false });
  const call = await scriptOf(stage);
  const refusals = [
    await call("GET", "/v1/files/metadata?file_id=no-such-file"),
    await call("GET", "/v1/files/metadata?folder_id=no-such-folder"),
    await call("GET", "/v1/sync/changes?workspace_id=no-such-workspace"),
    await call("POST", "/v1/files/commit", { body: { file_id: "x".repeat(10_000_000) } }),
  ];
  assert.deepEqual(
    refusals.map(({ status }) => status),
    [404, 404, 404, 413],
  );
  for (const { status, type, body } of refusals) {
    assert.equal(type, "application/problem+json");
    for (const member of ["type", "title", "detail", "code"]) assert.equal(typeof body[member], "string", member);
    assert.equal(body["status"], status);
  }
});

test("[AP41] [AP55] a parameter without a value is left out, and a long poll may ask for more than it gets", async () => {
  await using stage = await openStage({ devices: ["a"], start: false });
  const call = await scriptOf(stage);
  const all = await call("GET", "/v1/sync/changes?workspace_id=&cursor=");
  assert.deepEqual([all.status, all.body["changes"], all.body["has_more"]], [200, [], false]);
  const polling = call("GET", `/v1/sync/poll?cursor=${String(all.body["cursor"])}&timeout=600`);
  await sleep(100);
  await stage.device("a").satchel(["mkdir", "/docs"]);
  const { status, body } = await polling;
  assert.equal(status, 200);
  const [event] = body["events"] as Record<string, unknown>[];
  assert.equal(event?.["file_path"], "/docs");
  assert.deepEqual(
    [typeof event?.["event"], typeof event?.["workspace_id"], typeof event?.["cursor"]],
    ["string", "string", "string"],
  );
});
