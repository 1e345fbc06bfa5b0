import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { test, type TestContext } from "node:test";
import { Upload, type UploadOptions } from "tus-js-client";
import { davOf } from "../dav/dav-client.fixture.ts";
import { call, startTestServer, type TestDevice } from "../test-server.fixture.ts";

const bytesType = { "content-type": "application/offset+octet-stream" };

async function startWithAnn(t: TestContext, quotaBytes: number | null = null) {
  const server = await startTestServer(t);
  const device = await server.signUp("ann", quotaBytes);
  return { server, device, tree: davOf(device), ...clientOf(device) };
}

/** Speaks the protocol by hand, where a test sends what a library doesn't. */
function clientOf(device: TestDevice) {
  const tus = async (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Uint8Array<ArrayBuffer>,
  ) => {
    const url = `${device.url}${path}`;
    const all = { ...device.authorization, "tus-resumable": "1.0.0", ...headers };
    return call(url, method, { headers: all, ...(body && { raw: body }) });
  };
  const create = async (path: string, length: number, headers: Record<string, string> = {}) =>
    tus("POST", "/v1/uploads", { "upload-length": String(length), "upload-metadata": metadata({ path }), ...headers });
  const begin = async (path: string, length: number): Promise<string> => {
    const answer = await create(path, length);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.headers.get("location") ?? "";
  };
  const patch = async (
    at: string,
    offset: number,
    body: Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) => tus("PATCH", at, { "upload-offset": String(offset), ...bytesType, ...headers }, body);
  const offsetOf = async (at: string) => Number((await tus("HEAD", at)).headers.get("upload-offset") ?? Number.NaN);
  return { tus, create, begin, patch, offsetOf };
}

function metadata(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");
}

const text = (value: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(value));

test("[TU1] [TU2] tus-js-client sends a file in requests, and it is there with its path and time; sent again, it is the next version", async (t) => {
  const { device, tree } = await startWithAnn(t);
  await tree("MKCOL", "/docs");
  const send = async (content: Buffer, options: Partial<UploadOptions> = {}) =>
    new Promise<Upload>((done, fail) => {
      const upload: Upload = new Upload(content, {
        endpoint: `${device.url}/v1/uploads`,
        headers: device.authorization,
        metadata: { path: "/docs/größe.bin", modified: "2025-03-04T05:06:07.089Z" },
        retryDelays: [],
        onError: fail,
        onSuccess: () => done(upload),
        ...options,
      });
      upload.start();
    });
  const first = randomBytes(700_000);
  const upload = await send(first, { chunkSize: 256 * 1024 });
  const path = `/docs/${encodeURIComponent("größe.bin")}`;
  const got = await tree("GET", path);
  assert.equal(got.headers.get("last-modified"), "Tue, 04 Mar 2025 05:06:07 GMT");
  const read = async () =>
    Buffer.from(await (await fetch(`${device.url}/dav${path}`, { headers: device.authorization })).arrayBuffer());
  assert.ok((await read()).equals(first));
  const second = randomBytes(300_000);
  await send(second, { uploadDataDuringCreation: true });
  assert.ok((await read()).equals(second));
  const { body: file } = await device.get<{ file_id: string }>(
    `/v1/files/resolve?path=${encodeURIComponent("/docs/größe.bin")}`,
  );
  const { body } = await device.get<{ versions: unknown[] }>(`/v1/files/versions?file_id=${file.file_id}`);
  assert.equal(body.versions.length, 2);
  await upload.abort(true);
  assert.ok((await read()).equals(second));
});

test("[TU3] [TU4] what came before the connection ended stays, and the rest goes on behind it", async (t) => {
  const { server, device, tree, begin, patch, offsetOf } = await startWithAnn(t);
  const at = await begin("/a.txt", 10);
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  t.after(() => socket.destroy());
  await once(socket, "connect");
  const head = [
    `PATCH ${at} HTTP/1.1`,
    "host: x",
    `authorization: ${device.authorization.authorization}`,
    "tus-resumable: 1.0.0",
    "upload-offset: 0",
    "content-type: application/offset+octet-stream",
    "content-length: 10",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n0123`);
  // As a program does it: it asks until the server has noticed.
  for (let asked = 0; (await offsetOf(at)) !== 4; asked += 1) {
    assert.ok(asked < 600, "what came first is not there");
    await new Promise((wait) => setTimeout(wait, 100));
  }
  assert.equal((await tree("GET", "/a.txt")).status, 404);
  const wrong = await patch(at, 3, text("3456789"));
  assert.deepEqual([wrong.status, wrong.body.code], [409, "version_conflict"]);
  const tooMuch = await patch(at, 4, text("456789x"));
  assert.deepEqual([tooMuch.status, await offsetOf(at)], [400, 4]);
  const done = await patch(at, 4, text("456789"));
  assert.deepEqual([done.status, done.headers.get("upload-offset")], [204, "10"]);
  assert.equal((await tree("GET", "/a.txt")).text, "0123456789");
});

test("[TU5] a program whose last answer was lost is told that all came, and its file is there once", async (t) => {
  const { server, device, begin, patch, offsetOf, tus } = await startWithAnn(t);
  const at = await begin("/a.txt", 3);
  await Promise.all([patch(at, 0, text("abc")), patch(at, 0, text("abc"))]);
  assert.equal(await offsetOf(at), 3);
  const again = await patch(at, 3, text(""));
  assert.deepEqual([again.status, again.headers.get("upload-offset")], [204, "3"]);
  const { body: file } = await device.get<{ file_id: string }>("/v1/files/resolve?path=/a.txt");
  const { body } = await device.get<{ versions: unknown[] }>(`/v1/files/versions?file_id=${file.file_id}`);
  assert.equal(body.versions.length, 1);
  server.moveClock(3600 * 1000 + 1);
  const later = await server.signIn("ann");
  assert.equal((await tus("HEAD", at, later.authorization)).status, 404);
  assert.equal((await davOf(later)("GET", "/a.txt")).text, "abc");
});

test("[TU5] a file whose bytes all came before its server died is made when its program asks", async (t) => {
  const { server, device, tree, begin, offsetOf } = await startWithAnn(t);
  const at = await begin("/a.txt", 3);
  // As a server leaves it that ends between the last byte and the commit.
  const upload = { workspaceId: device.login.workspace_id, uploadId: `tus:${at.slice("/v1/uploads/".length)}` };
  const other = await begin("/b.txt", 3);
  const otherUpload = { ...upload, uploadId: `tus:${other.slice("/v1/uploads/".length)}` };
  await clientOf(device).patch(other, 0, text("ab"));
  const [part] = (await server.metadata.dav.readParts(otherUpload, server.nowMs())) ?? [];
  assert.ok(part);
  const { patch } = clientOf(device);
  await patch(at, 0, text("x"));
  const { packedChunks, sizeBytes } = part;
  const added = await server.metadata.dav.appendPart(
    upload,
    { packedChunks, sizeBytes, offsetBytes: 1 },
    server.nowMs(),
  );
  assert.equal(added, "added");
  assert.equal((await tree("GET", "/a.txt")).status, 404);
  assert.equal(await offsetOf(at), 3);
  assert.equal((await tree("GET", "/a.txt")).text, "xab");
});

test("[TU5] a file whose server died after the commit is not made again on top of what came since", async (t) => {
  const { server, device, tree, begin, patch, offsetOf } = await startWithAnn(t);
  const at = await begin("/a.txt", 3);
  const upload = { workspaceId: device.login.workspace_id, uploadId: `tus:${at.slice("/v1/uploads/".length)}` };
  const other = await begin("/b.txt", 3);
  await patch(other, 0, text("ab"));
  const otherUpload = { ...upload, uploadId: `tus:${other.slice("/v1/uploads/".length)}` };
  const [part] = (await server.metadata.dav.readParts(otherUpload, server.nowMs())) ?? [];
  assert.ok(part);
  await patch(at, 0, text("x"));
  const { packedChunks, sizeBytes } = part;
  await server.metadata.dav.appendPart(upload, { packedChunks, sizeBytes, offsetBytes: 1 }, server.nowMs());
  // As the commit left it that was not noted, cut as the parts are; and then as somebody else did.
  const parts = (await server.metadata.dav.readParts(upload, server.nowMs())) ?? [];
  assert.equal(parts.length, 2);
  const twin = await begin("/a.txt", 3);
  await patch(twin, 0, text("x"));
  await patch(twin, 1, text("ab"));
  assert.equal((await tree("PUT", "/a.txt", { body: "newer" })).status, 204);
  assert.equal(await offsetOf(at), 3);
  assert.equal((await tree("GET", "/a.txt")).text, "newer");
});

test("[TU6] bytes count only with the checksum that came with them", async (t) => {
  const { begin, patch, offsetOf, tree } = await startWithAnn(t);
  const at = await begin("/a.txt", 3);
  const sum = (algorithm: string) => `${algorithm} ${createHash(algorithm).update("abc").digest("base64")}`;
  const wrong = await patch(at, 0, text("abd"), { "upload-checksum": sum("sha1") });
  assert.deepEqual(
    [wrong.status, wrong.body.status, wrong.body.code, await offsetOf(at)],
    [460, 460, "checksum_mismatch", 0],
  );
  assert.equal((await patch(at, 0, text("abc"), { "upload-checksum": "crc32 AAAA" })).status, 400);
  assert.equal((await patch(at, 0, text("abc"), { "upload-checksum": sum("sha256") })).status, 204);
  assert.equal((await tree("GET", "/a.txt")).text, "abc");
});

test("[TU7] uploads end when their time is over or they are given up, and are nobody else's", async (t) => {
  const { server, begin, patch, tus } = await startWithAnn(t);
  const bob = clientOf(await server.signUp("bob"));
  const at = await begin("/a.txt", 3);
  for (const method of ["HEAD", "DELETE"]) assert.equal((await bob.tus(method, at)).status, 404);
  assert.equal((await bob.patch(at, 0, text("abc"))).status, 404);
  const head = await tus("HEAD", at);
  assert.equal(head.headers.get("upload-metadata"), metadata({ path: "/a.txt" }));
  assert.ok(Date.parse(head.headers.get("upload-expires") ?? "") > server.nowMs());
  assert.equal((await tus("DELETE", at)).status, 204);
  assert.equal((await patch(at, 0, text("abc"))).status, 404);
  const late = await begin("/b.txt", 3);
  const overridden = await tus(
    "POST",
    late,
    {
      "x-http-method-override": "PATCH",
      "upload-offset": "0",
      ...bytesType,
    },
    text("a"),
  );
  assert.equal(overridden.headers.get("upload-offset"), "1");
  server.moveClock(23 * 3600 * 1000 + 1);
  const later = await server.signIn("ann");
  assert.equal((await patch(late, 1, text("bc"), later.authorization)).status, 404);
});

test("[TU1] [TU8] what can't become a file is refused before it is sent", async (t) => {
  const { device, tree, create, tus } = await startWithAnn(t, 1000);
  await tree("MKCOL", "/docs");
  const codeOf = async (answer: ReturnType<typeof create>) => [(await answer).status, (await answer).body.code];
  assert.deepEqual(await codeOf(create("/docs", 3)), [409, "name_taken"]);
  assert.deepEqual(await codeOf(create("/none/a", 3)), [404, "not_found"]);
  assert.deepEqual(await codeOf(create("/a/../b", 3)), [400, "bad_request"]);
  assert.deepEqual(await codeOf(create("/a", 1001)), [413, "quota_exceeded"]);
  assert.deepEqual(await codeOf(create("/a", 3, { "upload-defer-length": "1" })), [400, "bad_request"]);
  assert.deepEqual(await codeOf(create("/a", 2 ** 46 + 1)), [413, "body_too_large"]);
  for (const length of ["-1", "1e3", "", " "])
    assert.deepEqual(await codeOf(create("/a", 0, { "upload-length": length })), [400, "bad_request"], length);
  // In UTC these are of the year 10000, and of one before the first.
  for (const modified of ["9999-12-31T23:59:59-12:00", "0000-01-01T00:00:00+12:00", "yesterday"]) {
    const told = { "upload-metadata": metadata({ path: "/a", modified }) };
    assert.deepEqual(await codeOf(create("/a", 3, told)), [400, "bad_request"], modified);
  }
  const old = await create("/a", 3, { "tus-resumable": "0.2.2" });
  assert.deepEqual(
    [old.status, old.body.status, old.body.code, old.headers.get("tus-version")],
    [412, 412, "unsupported_upload_protocol", "1.0.0"],
  );
  const spoken = await fetch(`${device.url}/v1/uploads`, { method: "OPTIONS" });
  assert.deepEqual(
    [spoken.status, spoken.headers.get("tus-extension")],
    [204, "creation,creation-with-upload,termination,expiration,checksum"],
  );
  const empty = await tus("POST", "/v1/uploads", {
    "upload-length": "0",
    "upload-metadata": metadata({ filename: "e" }),
  });
  assert.equal(empty.status, 201);
  assert.equal((await tree("GET", "/e")).text, "");
});

test("[TU8] into a shared folder sends only who may write in it, at the moment the file is made", async (t) => {
  const { server, device, tree } = await startWithAnn(t);
  await tree("MKCOL", "/plans");
  const { body } = await device.get<{ file_id: string }>("/v1/files/resolve?path=/plans");
  const share = await device.post<{ workspace_id: string }>("/v1/shares", { folder_id: body.file_id });
  const members = `/v1/shares/${share.body.workspace_id}`;
  const eve = await server.signUp("eve");
  await device.post(`${members}/invitations`, { who: "eve", role: "editor" });
  await eve.post(`${members}/accept`, { name: "plans" });
  const { begin, patch, create } = clientOf(eve);
  const [good, late] = [await begin("/plans/good.txt", 3), await begin("/plans/late.txt", 3)];
  assert.equal((await patch(good, 0, text("abc"))).status, 204);
  assert.equal((await tree("GET", "/plans/good.txt")).text, "abc");
  await patch(late, 0, text("a"));
  await device.post(`${members}/members/${eve.login.account_id}`, { role: "viewer" });
  assert.equal((await patch(late, 1, text("bc"))).status, 403);
  assert.equal((await create("/plans/more.txt", 3)).status, 403);
  assert.equal((await tree("GET", "/plans/late.txt")).status, 404);
});
