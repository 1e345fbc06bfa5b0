import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError, encodeFrame, frameMediaType } from "@satchel/protocol";
import type { CommitRequest, WorkspaceId } from "@satchel/protocol";
import { foregroundRetry, noRetry } from "../retry/retry.ts";
import { virtualTiming } from "../retry/virtual-timing.fixture.ts";
import { LoginRevokedError } from "../tokens/token-source.ts";
import type { TokenSource } from "../tokens/token-source.ts";
import { OfflineError } from "../transport/transport.ts";
import type { HttpResponse } from "../transport/transport.ts";
import { createApiClient } from "./api-client.ts";
import type { ApiClient } from "./api-client.ts";
import { UnexpectedAnswerError } from "./caller.ts";
import { json, problem, scriptedTransport } from "./scripted-transport.fixture.ts";
import type { ScriptedTransport } from "./scripted-transport.fixture.ts";

const workspaceId = "aaaaaaaaaaaaaaaa" as WorkspaceId;

/** Tokens `token 1`, `token 2` …, one more at each renewal. */
function countingTokens(): TokenSource {
  let n = 1;
  return { get: async () => `token ${n}`, renew: async () => `token ${++n}` };
}

function clientWith(answers: (HttpResponse | Error)[]): { api: ApiClient; transport: ScriptedTransport } {
  const transport = scriptedTransport(answers);
  const timing = virtualTiming({ hurry: true });
  const api = createApiClient({
    serverUrl: "http://server",
    tokens: countingTokens(),
    transport,
    timing,
    retry: foregroundRetry,
  });
  return { api, transport };
}

const commitAnswer = json({ results: [{ status: "done", sequence: 1, version_id: null }], before: "c0", cursor: "c1" });
const commitRequest = {
  workspace_id: workspaceId,
  seen: "c0",
  operations: [{ op: "delete", id: `${workspaceId}.aaaaaaaaaaaaaaaa` }],
} as unknown as CommitRequest;

test("[AC6] all tries of a change carry one idempotency key, and another change another", async () => {
  const { api, transport } = clientWith([
    new OfflineError("gone"),
    problem("unavailable", 503),
    commitAnswer,
    commitAnswer,
  ]);
  assert.equal((await api.commit(commitRequest)).cursor, "c1");
  await api.commit(commitRequest, { idempotencyKey: "mine" });
  const keys = transport.sent.map((request) => request.headers["idempotency-key"]);
  assert.match(keys[0] ?? "", /^[0-9a-f]{32}$/);
  assert.deepEqual(keys, [keys[0], keys[0], keys[0], "mine"]);
});

test("[AC6] a login whose answer got lost is not sent again", async () => {
  const { api, transport } = clientWith([new OfflineError("gone")]);
  await assert.rejects(api.login({ user: "ada", password: "secret", deviceName: "laptop" }), OfflineError);
  assert.equal(transport.sent.length, 1);
  assert.equal(transport.sent[0]?.headers["authorization"], undefined);
});

test("[AC12] a refused token is renewed once, and the call is sent again", async () => {
  for (const code of ["token_expired", "unauthenticated"]) {
    const { api, transport } = clientWith([problem(code, 401), commitAnswer]);
    await api.commit(commitRequest);
    assert.deepEqual(
      transport.sent.map((request) => request.headers["authorization"]),
      ["Bearer token 1", "Bearer token 2"],
    );
  }
});

test("[AC12] a server that refuses the renewed token as well is believed", async () => {
  const { api, transport } = clientWith([problem("token_expired", 401), problem("token_expired", 401)]);
  await assert.rejects(api.account(), new ProblemError("token_expired", "it is token_expired"));
  assert.equal(transport.sent.length, 2);
});

test("[AC7] a revoked login is an error of its own, and is not tried again", async () => {
  const { api, transport } = clientWith([problem("login_revoked", 401)]);
  await assert.rejects(api.account(), LoginRevokedError);
  assert.equal(transport.sent.length, 1);
});

test("[AC7] a problem keeps its code, its sentence and the state that won", async () => {
  const current = { version: "v2" };
  const { api } = clientWith([
    problem("version_conflict", 409, { current, missing_chunk_hashes: ["ab"], headers: { "retry-after": "9" } }),
  ]);
  await assert.rejects(api.commit(commitRequest), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.code, "version_conflict");
    assert.equal(error.message, "it is version_conflict");
    assert.deepEqual(error.extra, { current, missing_chunk_hashes: ["ab"] });
    assert.equal(error.retryAfterSeconds, 9);
    return true;
  });
});

test("[AC8] whatever answers in the server's place counts as unreachable: gateways, sign-in pages of networks, other servers", async () => {
  const page = (status: number): HttpResponse => ({
    status,
    headers: { "content-type": "text/html" },
    body: Buffer.from("<html>"),
  });
  for (const status of [200, 301, 302, 401, 403, 404, 407, 418, 429, 500, 502, 503, 504, 511]) {
    const { api } = clientWith([page(status)]);
    await assert.rejects(api.account({ retry: noRetry }), OfflineError, String(status));
  }
  const redirect = {
    ...page(302),
    headers: { "content-type": "text/plain", location: "http://portal.example/login?a=b" },
  };
  const { api } = clientWith([redirect]);
  await assert.rejects(
    api.account({ retry: noRetry }),
    /points to http:\/\/portal\.example; perhaps the network wants you/,
  );
});

test("[AC23] a proxy that refuses a request for its size is told from the server's own refusals", async () => {
  const { api } = clientWith([{ status: 413, headers: { "content-type": "text/html" }, body: Buffer.from("<html>") }]);
  await assert.rejects(api.account({ retry: noRetry }), {
    name: "ProblemError",
    code: "body_too_large",
    message: /a proxy/,
  });
});

test("[AC8] a problem document that is cut short or unknown is no problem that we know", async () => {
  const broken: HttpResponse = {
    status: 404,
    headers: { "content-type": "application/problem+json" },
    body: Buffer.from('{"code":'),
  };
  for (const answer of [broken, problem("some_new_code", 404)]) {
    const { api } = clientWith([answer]);
    await assert.rejects(api.account(), UnexpectedAnswerError);
  }
});

test("[AC9] an answer of another form is refused", async () => {
  for (const answer of [
    json({ changes: [], cursor: "c1" }),
    json({ changes: [{}], cursor: "c1", has_more: false }),
    json("text"),
  ]) {
    const { api } = clientWith([answer]);
    await assert.rejects(api.changes({ workspaceId }), UnexpectedAnswerError);
  }
});

test("[AC10] a signed address is called without the token", async () => {
  const { api, transport } = clientWith([json({}), { status: 200, headers: {}, body: Buffer.from("bytes") }]);
  await api.putSigned("https://store.example/chunk?signature=x", [Buffer.from("bytes")]);
  assert.equal(Buffer.from(await api.getSigned("/v1/chunks/x?signature=y")).toString(), "bytes");
  assert.deepEqual(
    transport.sent.map((request) => request.path),
    ["https://store.example/chunk?signature=x", "/v1/chunks/x?signature=y"],
  );
  assert.ok(transport.sent.every((request) => request.headers["authorization"] === undefined));
});

test("[AC11] carried chunks are sent as the pieces that were given", async () => {
  const { api, transport } = clientWith([commitAnswer]);
  const carried = [Buffer.from("one"), Buffer.from("two")];
  await api.commit({ ...commitRequest, carried: "" }, { carried });
  const [request] = transport.sent;
  assert.equal(request?.headers["content-type"], frameMediaType);
  assert.ok(request?.body?.[1] === carried[0] && request?.body?.[2] === carried[1]);
});

test("[AC11] a downloaded bundle is cut into views", async () => {
  const body = Buffer.concat(encodeFrame({ sizes: [3, 4] }, [Buffer.from("onefour")]));
  const { api } = clientWith([{ status: 200, headers: {}, body }]);
  const pieces = await api.downloadBundle({ workspaceId, chunks: "" });
  assert.deepEqual(
    pieces.map((piece) => Buffer.from(piece).toString()),
    ["one", "four"],
  );
  assert.ok(pieces.every((piece) => piece.buffer === body.buffer));
});

test("[AC9] a bundle whose sizes don't add up is refused", async () => {
  const body = Buffer.concat(encodeFrame({ sizes: [3, 5] }, [Buffer.from("onefour")]));
  const { api } = clientWith([{ status: 200, headers: {}, body }]);
  await assert.rejects(api.downloadBundle({ workspaceId, chunks: "" }), UnexpectedAnswerError);
});

test("without a login only logins can be called", async () => {
  const transport = scriptedTransport([]);
  const api = createApiClient({ serverUrl: "http://server", transport });
  await assert.rejects(api.account(), new LoginRevokedError("this device is not logged in"));
});

test("parameters of queries are encoded, absent ones left out", async () => {
  const { api, transport } = clientWith([problem("not_found", 404), problem("not_found", 404)]);
  await assert.rejects(api.resolve("/a b/ü&c"), ProblemError);
  await assert.rejects(api.changes({ workspaceId }), ProblemError);
  assert.deepEqual(
    transport.sent.map((request) => request.path),
    ["/v1/files/resolve?path=%2Fa+b%2F%C3%BC%26c", `/v1/sync/changes?workspace_id=${workspaceId}`],
  );
});
