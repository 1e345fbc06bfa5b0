import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { problemKinds, type Problem } from "@satchel/protocol";
import { call, startTestServer } from "../test-server.fixture.ts";

test("[AP1] a refusal is problem+json with its code, status and title", async (t) => {
  const { url } = await startTestServer(t);
  const answer = await call(`${url}/v1/account`, "GET");
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  assert.equal(answer.headers.get("www-authenticate"), "Bearer");
  assert.equal(answer.body.code, "unauthenticated");
  assert.equal(answer.body.title, problemKinds.unauthenticated.title);
});

test("[AP1] what is no HTTP at all gets a problem, too", async (t) => {
  const { url } = await startTestServer(t);
  const { port } = new URL(url);
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.write("HELO there\r\n\r\n"));
    let received = "";
    socket.setEncoding("utf8").on("data", (data: string) => (received += data));
    socket.on("end", () => resolve(received)).on("error", reject);
  });
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.equal((JSON.parse(text.split("\r\n\r\n")[1] ?? "") as Problem).code, "bad_request");
});

test("[AP1] an address that can't be decoded is a bad request", async (t) => {
  const { url } = await startTestServer(t);
  const answer = await call(`${url}/v1/devices/%zz`, "DELETE");
  assert.deepEqual([answer.status, answer.body.code], [400, "bad_request"]);
});

test("[AP2] malformed, cut-off and wrongly encoded JSON is a bad request", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const headers = { ...ann.authorization, "content-type": "application/json" };
  for (const raw of ["{", '{"file_id":', "", "nonsense", Uint8Array.from([0x22, 0xff, 0x22]), '"text"', "null", "[]"]) {
    const answer = await call(`${server.url}/v1/files/restore`, "POST", { raw, headers });
    assert.deepEqual([answer.status, answer.body.code], [400, "bad_request"], String(raw));
  }
});

test("[AP2] a body over the limit is refused, whether it says its length or not", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const headers = { ...ann.authorization, "content-type": "application/json" };
  const raw = `{"file_id":"${"a".repeat(10 * 1024 * 1024)}"}`;
  for (const path of ["/v1/files/restore", "/v1/sync/commit", "/v1/files/upload_request", "/v1/auth/login"]) {
    const answer = await call(server.url + path, "POST", { raw, headers });
    assert.deepEqual([answer.status, answer.body.code], [413, "body_too_large"], path);
  }
  const pieces = Array.from({ length: 160 }, () => new Uint8Array(64 * 1024));
  const unannounced = await fetch(`${server.url}/v1/files/restore`, {
    method: "POST",
    headers,
    body: ReadableStream.from(pieces),
    duplex: "half",
  });
  assert.equal(unannounced.status, 413);
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
  });
  const response = await fetch(`${server.url}/v1/files/restore`, {
    method: "POST",
    headers,
    body: stream,
    duplex: "half",
  }).catch(() => undefined);
  if (response) assert.equal(response.status, 413);
  assert.equal((await call(`${server.url}/healthz`, "GET")).status, 200);
});

test("[AP2] another content type is not supported", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  for (const type of ["text/plain", "application/xml", "multipart/form-data; boundary=x"]) {
    const answer = await call(`${server.url}/v1/files/restore`, "POST", {
      raw: "{}",
      headers: { ...ann.authorization, "content-type": type },
    });
    assert.deepEqual([answer.status, answer.body.code], [415, "unsupported_media_type"], type);
  }
});

test("[AP2] a frame that is none is a bad request", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const headers = { ...ann.authorization, "content-type": "application/vnd.satchel.frame" };
  for (const raw of [
    Uint8Array.of(1, 2),
    Uint8Array.of(255, 255, 255, 255, 1),
    Uint8Array.of(0, 0, 0, 9, 1),
    Uint8Array.of(0, 0, 0, 1, 0x7b),
  ]) {
    const answer = await call(`${server.url}/v1/sync/commit`, "POST", { raw, headers });
    assert.deepEqual([answer.status, answer.body.code], [400, "bad_request"]);
  }
});

test("[AP3] an unknown address is not found, a wrong method is named with the right ones", async (t) => {
  const { url } = await startTestServer(t);
  assert.deepEqual((await call(`${url}/v1/nothing`, "GET")).body.code, "not_found");
  const answer = await call(`${url}/v1/chunks/abc`, "POST");
  assert.deepEqual([answer.status, answer.body.code], [405, "method_not_allowed"]);
  assert.equal(answer.headers.get("allow"), "PUT, GET");
});

test("[AP4] a handler's mistake shows nothing, and is logged with its stack", async (t) => {
  const server = await startTestServer(t, {
    prepare: (app) => {
      app.get("/crash", { config: { access: "public" } }, () => {
        throw new TypeError("the secret plan failed");
      });
    },
  });
  const answer = await call(`${server.url}/crash`, "GET");
  assert.deepEqual([answer.status, answer.body.code], [500, "internal"]);
  assert.doesNotMatch(JSON.stringify(answer.body), /secret plan/);
  assert.match(server.log.join(""), /the secret plan failed.*requests\.test\.ts/);
});

test("[AP5] the request's id comes back, or a new one is made", async (t) => {
  const { url, log } = await startTestServer(t);
  const given = await call(`${url}/v1/account`, "GET", { headers: { "x-request-id": "abc-123" } });
  assert.equal(given.headers.get("x-request-id"), "abc-123");
  assert.equal(given.body.request_id, "abc-123");
  assert.match(log.join(""), /"reqId":"abc-123"/);
  const hostile = await call(`${url}/healthz`, "GET", { headers: { "x-request-id": 'a"b' } });
  assert.match(hostile.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
});

test("[AP6] the log has neither tokens nor signatures nor names", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("my secret diary.txt", "content");
  await ann.get(`/v1/files/content?file_id=${id}`);
  await ann.get("/v1/files/resolve?path=/my%20secret%20diary.txt");
  const { body } = await ann.post<{ upload_urls: string[] }>("/v1/files/upload_request", {
    parent_folder_id: "root",
    file_name: "another secret.txt",
    file_size: 1,
    chunk_hashes: ["0".repeat(64)],
  });
  await call(body.upload_urls[0] ?? "", "PUT", { raw: "x" });
  const log = server.log.join("");
  assert.match(log, /"route":"\/v1\/files\/resolve"/);
  assert.doesNotMatch(log, /diary|another secret|signature|Bearer|sat1\./);
});

test("[AP7] a route that doesn't say who may call it can't be registered", async (t) => {
  await assert.rejects(
    startTestServer(t, { prepare: (app) => app.get("/open", async () => "") }),
    /the route \/open doesn't say who may call it/,
  );
});

test("[AP9] health, readiness and metrics", async (t) => {
  const server = await startTestServer(t);
  assert.deepEqual((await call<unknown>(`${server.url}/healthz`, "GET")).body, { status: "ok" });
  assert.equal((await call(`${server.url}/readyz`, "GET")).status, 200);
  const metrics = await call(`${server.url}/metrics`, "GET");
  assert.match(metrics.headers.get("content-type") ?? "", /^text\/plain/);
  const text = Buffer.from(metrics.bytes).toString();
  assert.match(text, /satchel_http_request_seconds_count\{method="GET",route="\/healthz",status="200"\} 1/);
  assert.match(text, /satchel_event_loop_lag_seconds \d/);
  await server.chunks.close();
  const failed = await call(`${server.url}/readyz`, "GET");
  assert.deepEqual([failed.status, failed.body.code], [503, "unavailable"]);
  assert.ok(Number(failed.headers.get("retry-after")) > 0);
});
