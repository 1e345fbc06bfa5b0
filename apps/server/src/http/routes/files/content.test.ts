import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf, startTestServer } from "../../test-server.fixture.ts";

const text = (content: string): Buffer => Buffer.from(content);

test("[AP35] any one range of a content, across chunks", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const pieces = ["abc", "defgh", "ij"].map(text);
  const id = ann.newId();
  await ann.commit(
    [{ op: "create_file", id, parent_id: ann.root, name: "a'(b).txt", content: contentOf(pieces) }],
    pieces,
  );
  const range = async (header: string) => {
    const answer = await ann.get(`/v1/files/content?file_id=${id}`, { range: header });
    return [answer.status, Buffer.from(answer.bytes).toString(), answer.headers.get("content-range")];
  };
  assert.deepEqual(await range("bytes=0-0"), [206, "a", "bytes 0-0/10"]);
  assert.deepEqual(await range("bytes=2-8"), [206, "cdefghi", "bytes 2-8/10"]);
  assert.deepEqual(await range("bytes=7-"), [206, "hij", "bytes 7-9/10"]);
  assert.deepEqual(await range("bytes=-3"), [206, "hij", "bytes 7-9/10"]);
  assert.deepEqual(await range("bytes=5-999"), [206, "fghij", "bytes 5-9/10"]);
  assert.deepEqual(await range("bytes=5-2"), [200, "abcdefghij", null]);
  assert.deepEqual(await range("bytes=0-1,3-4"), [200, "abcdefghij", null]);
  const outside = await ann.get(`/v1/files/content?file_id=${id}`, { range: "bytes=10-" });
  assert.deepEqual([outside.status, outside.body.code], [416, "range_not_satisfiable"]);
  const whole = await ann.get(`/v1/files/content?file_id=${id}`);
  assert.equal(whole.headers.get("content-disposition"), "attachment; filename*=UTF-8''a%27%28b%29.txt");
});

test("[AP35] an old version and an empty file can be read", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id, versionId } = await ann.putFile("a.txt", "old");
  const fresh = [text("new")];
  await ann.commit([{ op: "edit_file", id, base_version_id: versionId, content: contentOf(fresh) }], fresh);
  assert.equal(
    Buffer.from((await ann.get(`/v1/files/content?file_id=${id}&version_id=${versionId}`)).bytes).toString(),
    "old",
  );
  assert.equal(Buffer.from((await ann.get(`/v1/files/content?file_id=${id}`)).bytes).toString(), "new");
  assert.equal((await ann.get(`/v1/files/content?file_id=${id}&version_id=none`)).status, 404);
  const empty = ann.newId();
  await ann.commit([{ op: "create_file", id: empty, parent_id: ann.root, name: "empty", content: contentOf([]) }]);
  const answer = await ann.get(`/v1/files/content?file_id=${empty}`);
  assert.deepEqual([answer.status, answer.bytes.length], [200, 0]);
});

test("[AP39] a signed address gives one version's bytes without a token, in ranges too, while the login is good", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id, versionId } = await ann.putFile("a b.txt", "old text");
  const sign = async (body: object) =>
    (await ann.post("/v1/files/content_url", body)).body as unknown as { url: string };
  const { url } = await sign({ file_id: id });
  const fetchAt = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });
  const whole = await fetchAt(url);
  assert.deepEqual([whole.status, await whole.text()], [200, "old text"]);
  assert.match(whole.headers.get("content-disposition") ?? "", /^attachment; filename\*=UTF-8''a%20b\.txt$/);
  const part = await fetchAt(url, { range: "bytes=4-" });
  assert.deepEqual([part.status, await part.text()], [206, "text"]);

  const fresh = [text("new")];
  await ann.commit([{ op: "edit_file", id, base_version_id: versionId, content: contentOf(fresh) }], fresh);
  assert.equal(await (await fetchAt(url)).text(), "old text");
  assert.equal(await (await fetchAt((await sign({ file_id: id, version_id: versionId })).url)).text(), "old text");

  const altered = [
    url.replace("expires=", "expires=1"),
    url.replace(/signature=./, (part) => (part.endsWith("A") ? "signature=B" : "signature=A")),
  ];
  for (const path of altered) assert.equal((await fetchAt(path)).status, 403, path);
  await server.metadata.identity.revokeDevice(ann.login.account_id, ann.login.device_id, server.nowMs());
  server.moveClock(60_000);
  assert.equal((await fetchAt(url)).status, 403);
});

test("[AP39] an address is for what its asker may read, and not for ever", async (t) => {
  const server = await startTestServer(t);
  const [ann, bob] = [await server.signUp("ann"), await server.signUp("bob")];
  const { id } = await ann.putFile("a.txt", "text");
  assert.equal((await bob.post("/v1/files/content_url", { file_id: id })).status, 404);
  const { url } = (await ann.post("/v1/files/content_url", { file_id: id })).body as unknown as { url: string };
  server.moveClock(10 * 60_000 + 1);
  assert.equal((await fetch(server.url + url)).status, 403);
});

test("[AP35] HEAD tells size and version without reading a byte, and If-Range gives the whole of a version that is another", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id, versionId } = await ann.putFile("a.txt", "0123456789");
  const { url } = (await ann.post("/v1/files/content_url", { file_id: id })).body as unknown as { url: string };
  const path = server.url + url;
  const head = await fetch(path, { method: "HEAD" });
  assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, "10", ""]);
  assert.equal(head.headers.get("etag"), `"${versionId}"`);
  const ranged = async (ifRange: string) => {
    const answer = await fetch(path, { headers: { range: "bytes=2-3", "if-range": ifRange } });
    return [answer.status, await answer.text()];
  };
  assert.deepEqual(await ranged(`"${versionId}"`), [206, "23"]);
  assert.deepEqual(await ranged('"another"'), [200, "0123456789"]);
});

test("[AP38] an address for showing gives pictures and players their type, in a sandbox, and all else as a download", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const open = async (name: string, disposition?: string) => {
    const { id } = await ann.putFile(name, "<svg xmlns='http://www.w3.org/2000/svg'/>");
    const { body } = await ann.post("/v1/files/content_url", { file_id: id, disposition });
    const { url } = body as unknown as { url: string };
    const answer = await fetch(server.url + url);
    await answer.arrayBuffer();
    const { headers } = answer;
    const [disposed] = (headers.get("content-disposition") ?? "").split(";");
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'.*; sandbox$/, name);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    return { url, shown: [headers.get("content-type"), disposed] };
  };
  assert.deepEqual((await open("a.svg", "inline")).shown, ["image/svg+xml", "inline"]);
  assert.deepEqual((await open("a.JPG", "inline")).shown, ["image/jpeg", "inline"]);
  assert.deepEqual((await open("a.mp4", "inline")).shown, ["video/mp4", "inline"]);
  for (const name of ["a.html", "a.xhtml", "a.xml", "a.pdf", "a.js", "png", "a.constructor"])
    assert.deepEqual((await open(name, "inline")).shown, ["application/octet-stream", "attachment"], name);
  const { url, shown } = await open("b.png");
  assert.deepEqual(shown, ["application/octet-stream", "attachment"]);
  const forged = await fetch(`${server.url}${url}&disposition=inline`);
  assert.deepEqual([forged.status, ((await forged.json()) as { code: string }).code], [403, "url_expired"]);
});
