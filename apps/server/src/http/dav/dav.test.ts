import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { test } from "node:test";
import type { ChangesPage, Metadata } from "@satchel/protocol";
import { eventually, LiveClient } from "../routes/sync/live-client.fixture.ts";
import { call, passwordOf, startTestServer, type TestDevice } from "../test-server.fixture.ts";
import { askFor, davClient, davOf, hrefsOf, lockInfo } from "./dav-client.fixture.ts";

async function namesIn(device: TestDevice, folder = "root"): Promise<string[]> {
  const { body } = await device.get<Metadata>(`/v1/files/metadata?folder_id=${folder}`);
  return (body.entries ?? []).map(({ name }) => name);
}

test("[WD2] a name and an app password sign in; the account's own password, and nothing at all, do not", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const makePassword = (scopes: string[]) =>
    ann.post<{ password: string }>("/v1/app_passwords", { name: "phone", scopes, password: passwordOf("ann") });
  const basic = (user: string, password: string) =>
    davClient(server.url, { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` });
  const all = (await makePassword(["files.write"])).body.password;
  const reader = (await makePassword(["files.read"])).body.password;
  assert.equal((await basic("ann", all)("PUT", "/a.txt", { body: "a" })).status, 201);
  assert.equal((await basic("ann", reader)("GET", "/a.txt")).text, "a");
  assert.equal((await basic("ann", reader)("PUT", "/a.txt", { body: "b" })).status, 403);
  const away = [basic("ann", passwordOf("ann")), basic("bob", all), davClient(server.url, {})];
  for (const client of away) {
    const { status, headers } = await client("PROPFIND", "/", { headers: { depth: "0" } });
    assert.deepEqual([status, headers.get("www-authenticate")?.split(" ")[0]], [401, "Basic"]);
  }
  const options = await davClient(server.url, {})("OPTIONS", "/");
  assert.deepEqual(
    [options.status, options.headers.get("dav"), options.headers.get("ms-author-via")],
    [200, "1, 2, 3", "DAV"],
  );
  const wrong = await call(`${server.url}/dav/a.txt`, "POST", { headers: ann.authorization });
  assert.deepEqual([wrong.status, wrong.body.code], [405, "method_not_allowed"]);
});

test("[WD1] names are kept as they are, and what is no name is refused", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const dav = davOf(ann);
  const names = ["a b", "ä#?%20&<\"'>", "e\u0301", "\u00e9", "back\\slash", "..."];
  for (const name of names)
    assert.equal((await dav("PUT", `/${encodeURIComponent(name)}`, { body: name })).status, 201);
  assert.deepEqual((await namesIn(ann)).toSorted(), names.toSorted());
  const listed = await dav("PROPFIND", "/", { headers: { depth: "1" } });
  const hrefs = hrefsOf(listed.text).slice(1);
  assert.deepEqual(hrefs.map((href) => decodeURIComponent(href.slice("/dav/".length))).toSorted(), names.toSorted());
  for (const [nth, name] of names.entries())
    assert.equal((await dav("GET", `/${encodeURIComponent(name)}`)).text, names[nth]);
  for (const bad of ["/a%2fb", "/%00", "/%ff", "/a%2f..%2fb", `/${"n".repeat(256)}`])
    assert.equal((await dav("PUT", bad, { body: "x" })).status, 400, bad);
  const id = ann.newId();
  await ann.commit([
    {
      op: "create_link",
      id,
      parent_id: ann.root,
      name: "link",
      link_target: "a b",
      modified: "2026-01-01T00:00:00.000Z",
    },
  ]);
  assert.equal((await dav("GET", "/link")).status, 404);
  assert.ok(!hrefsOf((await dav("PROPFIND", "/", { headers: { depth: "1" } })).text).includes("/dav/link"));
  assert.equal((await dav("PUT", "/link", { body: "x" })).status, 405);
});

test("[WD5] a folder is told with what is in it, as far as is asked for", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann", 1_000_000);
  const dav = davOf(ann);
  await dav("MKCOL", "/docs");
  await dav("PUT", "/docs/a.txt", { body: "abc", headers: { "x-oc-mtime": "1600000000" } });
  const find = (depth: string, body?: string) =>
    dav("PROPFIND", "/docs", { headers: { depth }, ...(body !== undefined && { body }) });
  assert.deepEqual(hrefsOf((await find("0")).text), ["/dav/docs/"]);
  assert.deepEqual(hrefsOf((await find("1")).text), ["/dav/docs/", "/dav/docs/a.txt"]);
  const infinite = await find("infinity");
  assert.equal(infinite.status, 403);
  assert.match(infinite.text, /propfind-finite-depth/);
  assert.equal((await dav("PROPFIND", "/docs")).status, 403);
  const all = (await find("1")).text;
  assert.match(all, /<d:getcontentlength>3<\/d:getcontentlength>/);
  assert.match(all, /<d:getlastmodified>Sun, 13 Sep 2020 12:26:40 GMT<\/d:getlastmodified>/);
  assert.doesNotMatch(all, /quota/);
  const quota = (await find("0", askFor("quota-used-bytes", "quota-available-bytes", "nonsense"))).text;
  assert.match(quota, /<d:quota-used-bytes>3<.*<d:quota-available-bytes>999997</s);
  assert.match(quota, /<d:nonsense\/><\/d:prop><d:status>HTTP\/1.1 404 Not Found/);
  const named = `<propfind xmlns="DAV:"><propname/></propfind>`;
  assert.match((await find("0", named)).text, /<d:resourcetype\/>/);
  assert.equal((await find("0", "<x/>")).status, 400);
  assert.equal((await find("2")).status, 400);
});

test("[WD1] behind a path of a public address, addresses are told and understood below it", async (t) => {
  const server = await startTestServer(t, { publicUrl: "https://example.org/satchel" });
  const dav = davOf(await server.signUp("ann"));
  await dav("PUT", "/a.txt", { body: "abc" });
  const { text } = await dav("PROPFIND", "/", { headers: { depth: "1" } });
  assert.deepEqual(hrefsOf(text), ["/satchel/dav/", "/satchel/dav/a.txt"]);
  for (const [nth, address] of ["https://example.org/satchel/dav/b.txt", "/dav/c.txt"].entries()) {
    const copied = await dav("COPY", "/a.txt", { headers: { destination: address } });
    assert.deepEqual([copied.status, copied.headers.get("location")], [201, `/satchel/dav/${"bc"[nth] ?? ""}.txt`]);
  }
  assert.equal((await dav("COPY", "/a.txt", { headers: { destination: "/other/dav/x" } })).status, 403);
  const locked = await dav("LOCK", "/a.txt", { body: lockInfo() });
  assert.match(locked.text, /<d:lockroot><d:href>\/satchel\/dav\/a\.txt</);
});

test("[WD5] a folder of more than a page is told whole", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const create = (nth: number) =>
    ({ op: "create_folder", id: ann.newId(), parent_id: ann.root, name: `n${nth}` }) as const;
  for (let start = 0; start < 2100; start += 700)
    await ann.commit(Array.from({ length: 700 }, (_, nth) => create(start + nth)));
  const { text } = await davOf(ann)("PROPFIND", "/", { headers: { depth: "1" }, body: askFor("resourcetype") });
  assert.equal(new Set(hrefsOf(text)).size, 2101);
});

test("[WD6] parts of a file, and nothing of what the asker has already", async (t) => {
  const server = await startTestServer(t);
  const dav = davOf(await server.signUp("ann"));
  await dav("PUT", "/a.html", { body: "0123456789" });
  const whole = await dav("GET", "/a.html");
  assert.equal(whole.text, "0123456789");
  assert.match(whole.headers.get("content-disposition") ?? "", /^attachment/);
  const part = await dav("GET", "/a.html", { headers: { range: "bytes=2-4" } });
  assert.deepEqual([part.status, part.text, part.headers.get("content-range")], [206, "234", "bytes 2-4/10"]);
  const etag = whole.headers.get("etag") ?? "";
  const known = async (headers: Record<string, string>) => (await dav("GET", "/a.html", { headers })).status;
  assert.equal(await known({ "if-none-match": `"x", ${etag}` }), 304);
  assert.equal(await known({ "if-none-match": `"x"` }), 200);
  assert.equal(await known({ "if-modified-since": whole.headers.get("last-modified") ?? "" }), 304);
  assert.equal(await known({ "if-match": `"x"` }), 412);
  const head = await dav("HEAD", "/a.html");
  assert.deepEqual([head.headers.get("content-length"), head.headers.get("etag"), head.text], ["10", etag, ""]);
  assert.match((await dav("GET", "/")).text, /folder/);
});

test("[WD8] [WD9] a write is a version after the one before, unless it says which one it means", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const dav = davOf(ann);
  const put = (body: string, headers: Record<string, string> = {}) => dav("PUT", "/a.txt", { body, headers });
  assert.equal((await put("1", { "if-match": "*" })).status, 412);
  const first = await put("1", { "if-none-match": "*" });
  assert.equal(first.status, 201);
  assert.equal((await put("2", { "if-none-match": "*" })).status, 412);
  const old = first.headers.get("etag") ?? "";
  assert.equal((await put("2", { "if-match": old })).status, 204);
  assert.equal((await put("3", { "if-match": old })).status, 412);
  assert.equal((await put("3", { if: `([${old}])` })).status, 412);
  assert.equal((await put("3", { if: `(Not [${old}])` })).status, 204);
  assert.equal((await put("4", { "if-unmodified-since": "Sat, 01 Jan 2000 00:00:00 GMT" })).status, 412);
  assert.equal((await put("4", { "content-range": "bytes 0-0/2" })).status, 400);
  const { body: root } = await ann.get<Metadata>("/v1/files/metadata?folder_id=root");
  const id = root.entries?.[0]?.id ?? "";
  const { body } = await ann.get<{ versions: unknown[] }>(`/v1/files/versions?file_id=${id}`);
  assert.equal(body.versions.length, 3);
  assert.equal((await dav("PUT", "/none/a.txt", { body: "x" })).status, 409);
  await dav("MKCOL", "/folder");
  assert.equal((await dav("PUT", "/folder", { body: "x" })).status, 405);
});

test("[WD8] what doesn't come whole changes nothing, and what is too much for the account is refused", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann", 70_000_000);
  const dav = davOf(ann);
  // As macOS sends it: in pieces, with its length in a header of its own.
  const headers = { ...ann.authorization, "x-expected-entity-length": "5" };
  const short = request(`${server.url}/dav/short.txt`, { method: "PUT", headers });
  short.write("abc");
  short.end();
  const [answer] = (await once(short, "response")) as [IncomingMessage];
  answer.resume();
  assert.equal(answer.statusCode, 400);
  assert.deepEqual(await namesIn(ann), []);
  const large = await dav("PUT", "/large.bin", {
    body: new Uint8Array(3_000_000).fill(7),
    headers: { "x-oc-mtime": "1.5" },
  });
  assert.equal(large.status, 201);
  const small = await server.signUp("bob", 1000);
  const full = await davOf(small)("PUT", "/a.txt", { body: "x".repeat(2000) });
  assert.equal(full.status, 507);
  assert.match(full.text, /quota-not-exceeded/);
  assert.deepEqual(await namesIn(small), []);
});

test("[WD10] [WD11] folders come, go, and are copied and moved whole, with their properties", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const dav = davOf(ann);
  const to = (path: string, more: Record<string, string> = {}) => ({
    headers: { destination: `http://proxy.example/dav${path}`, ...more },
  });
  assert.equal((await dav("MKCOL", "/a/b")).status, 409);
  for (const path of ["/a", "/a/b"]) assert.equal((await dav("MKCOL", path)).status, 201);
  assert.equal((await dav("MKCOL", "/a")).status, 405);
  assert.equal((await dav("MKCOL", "/c", { body: "<x/>", headers: { "content-type": "text/xml" } })).status, 415);
  await dav("PUT", "/a/b/x.txt", { body: "x" });
  const colour = (value: string) =>
    `<propertyupdate xmlns="DAV:"><set><prop><colour xmlns="urn:x" xml:lang="en">${value}</colour></prop></set></propertyupdate>`;
  assert.equal((await dav("PROPPATCH", "/a/b/x.txt", { body: colour("red") })).status, 207);
  const colourAt = async (path: string) =>
    /<colour[^>]*xml:lang="en"[^>]*>(\w+)</.exec((await dav("PROPFIND", path, { headers: { depth: "0" } })).text)?.[1];
  assert.equal((await dav("COPY", "/a", to("/copy"))).status, 201);
  assert.equal((await dav("GET", "/copy/b/x.txt")).text, "x");
  assert.equal(await colourAt("/copy/b/x.txt"), "red");
  assert.equal((await dav("COPY", "/a", to("/copy", { overwrite: "F" }))).status, 412);
  assert.equal((await dav("COPY", "/a", to("/copy", { depth: "0" }))).status, 204);
  assert.equal((await dav("GET", "/copy/b/x.txt")).status, 404);
  for (const method of ["COPY", "MOVE"])
    for (const path of ["/a", "/a/b/in"]) assert.equal((await dav(method, "/a", to(path))).status, 403, path);
  const { body: before } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/a/b/x.txt");
  assert.equal((await dav("MOVE", "/a/b", to("/moved"))).status, 201);
  const { body: after } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/moved/x.txt");
  assert.equal(after.file_id, before.file_id);
  assert.equal(await colourAt("/moved/x.txt"), "red");
  assert.equal((await dav("DELETE", "/moved")).status, 204);
  assert.equal((await dav("DELETE", "/moved")).status, 404);
  assert.equal((await dav("DELETE", "/")).status, 403);
  const { body: trash } = await ann.get("/v1/files/trash");
  assert.match(JSON.stringify(trash), /moved/);
});

test("[WD11] a file that is moved over another is its next version", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const dav = davOf(ann);
  await dav("PUT", "/report.txt", { body: "old" });
  const { body: before } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/report.txt");
  await dav("PUT", "/report.tmp", { body: "new" });
  assert.equal((await dav("MOVE", "/report.tmp", { headers: { destination: "/dav/report.txt" } })).status, 204);
  const { body: after } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/report.txt");
  assert.equal(after.file_id, before.file_id);
  assert.equal((await dav("GET", "/report.txt")).text, "new");
  const { body } = await ann.get<{ versions: unknown[] }>(`/v1/files/versions?file_id=${after.file_id}`);
  assert.equal(body.versions.length, 2);
  assert.deepEqual(await namesIn(ann), ["report.txt"]);
});

test("[WD12] a device hears of what is written, and of what it is now", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const listening = await (await server.signIn("ann")).listen(t);
  await davOf(ann)("PUT", "/a.txt", { body: "abc" });
  assert.equal((await listening.next<{ file_path: string }>()).file_path, "/a.txt");
  const { changes } = (await ann.get<ChangesPage>("/v1/sync/changes")).body;
  assert.deepEqual(
    changes.filter(({ type }) => type === "file").map(({ name, size }) => [name, size]),
    [["a.txt", 3]],
  );
});

test("[WD12] a write into a text that is edited live becomes edits, and what was typed stays", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("a.md", "one\ntwo\n");
  const live = new LiveClient(t, ann, id);
  await live.shows("one\ntwo\n");
  assert.equal((await davOf(ann)("PUT", "/a.md", { body: "one\ntwo by another program\n" })).status, 204);
  await live.shows("one\ntwo by another program\n");
  live.insert(3, " typed");
  const both = "one typed\ntwo by another program\n";
  await eventually("both are a version", async () => (await davOf(ann)("GET", "/a.md")).text === both);
});

test("[WD13] properties are set all or none, and what the server tells by itself can't be", async (t) => {
  const server = await startTestServer(t);
  const dav = davOf(await server.signUp("ann"));
  await dav("PUT", "/a.txt", { body: "abc" });
  const patch = (inner: string) =>
    dav("PROPPATCH", "/a.txt", {
      body: `<D:propertyupdate xmlns:D="DAV:" xmlns:x="urn:x"><D:set><D:prop>${inner}</D:prop></D:set></D:propertyupdate>`,
    });
  const both = await patch("<x:one>1</x:one><D:getetag>mine</D:getetag>");
  assert.equal(both.status, 207);
  assert.match(both.text, /getetag\/><\/d:prop><d:status>HTTP\/1.1 403 Forbidden.*cannot-modify-protected-property/s);
  assert.match(both.text, /one xmlns="urn:x"\/><\/d:prop><d:status>HTTP\/1.1 424 Failed Dependency/);
  const told = async () => (await dav("PROPFIND", "/a.txt", { headers: { depth: "0" } })).text;
  assert.doesNotMatch(await told(), /urn:x/);
  assert.match((await patch("<D:getlastmodified>Sun, 13 Sep 2020 12:26:40 GMT</D:getlastmodified>")).text, /200 OK/);
  assert.match(await told(), /Sun, 13 Sep 2020 12:26:40 GMT/);
  assert.equal((await patch(`<x:big>${"v".repeat(200_000)}</x:big>`)).status, 507);
  assert.equal((await dav("PROPPATCH", "/none", { body: "<x/>" })).status, 400);
});

test("[WD13] properties follow an entry into a folder that is shared", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const dav = davOf(ann);
  await dav("MKCOL", "/plans");
  await dav("PUT", "/plans/a.txt", { body: "abc" });
  const body = `<propertyupdate xmlns="DAV:"><set><prop><c xmlns="urn:x">red</c></prop></set></propertyupdate>`;
  await dav("PROPPATCH", "/plans/a.txt", { body });
  const { body: found } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/plans");
  assert.equal((await ann.post("/v1/shares", { folder_id: found.file_id })).status, 200);
  assert.match((await dav("PROPFIND", "/plans/a.txt", { headers: { depth: "0" } })).text, /urn:x">red</);
});

test("[WD4] a refusal with a condition is told in XML, any other as everywhere", async (t) => {
  const server = await startTestServer(t);
  const dav = davOf(await server.signUp("ann"));
  const plain = await dav("GET", "/none");
  assert.deepEqual([plain.status, (JSON.parse(plain.text) as { code: string }).code], [404, "not_found"]);
  const named = await dav("PROPFIND", "/", { headers: { depth: "infinity" } });
  assert.match(named.headers.get("content-type") ?? "", /^application\/xml/);
});
