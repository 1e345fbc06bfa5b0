import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { workspaceOfEntry, type ConflictedCopy, type EntryId } from "@satchel/protocol";
import { davClient, hrefsOf, type DavClient } from "../dav/dav-client.fixture.ts";
import { call, startTestServer, type TestDevice, type TestServer } from "../test-server.fixture.ts";

const files = (name: string) => `/remote.php/dav/files/${name}`;
const wanted = `<propfind xmlns="DAV:" xmlns:oc="http://owncloud.org/ns"><prop><getetag/><getlastmodified/><oc:id/><oc:fileid/><oc:permissions/><oc:size/></prop></propfind>`;

interface Person {
  readonly device: TestDevice;
  readonly tree: DavClient;
  readonly uploads: DavClient;
}

async function signUp(server: TestServer, name: string): Promise<Person> {
  const device = await server.signUp(name);
  const at = (root: string) => davClient(server.url, device.authorization, root);
  return { device, tree: at(files(name)), uploads: at(`/remote.php/dav/uploads/${name}`) };
}

async function startWithAnn(t: TestContext) {
  const server = await startTestServer(t);
  return { server, ...(await signUp(server, "ann")) };
}

/** What a listing of depth 0 says of one entry. */
async function look(tree: DavClient, path: string) {
  const { status, text } = await tree("PROPFIND", path, { headers: { depth: "0" }, body: wanted });
  assert.equal(status, 207, `${path}: ${text}`);
  const value = (name: string) => new RegExp(`<(?:d:)?${name}(?: [^>]*)?>([^<]*)<`).exec(text)?.[1];
  return {
    etag: value("getetag")?.replaceAll("&quot;", '"'),
    modified: value("getlastmodified"),
    id: value("id"),
    number: value("fileid"),
    permissions: value("permissions"),
    size: value("size"),
  };
}

test("[WD20] programs learn what they may use, and who they are, and find the tree under their own name only", async (t) => {
  const { server, device, tree } = await startWithAnn(t);
  const status = await call<{ installed: boolean; versionstring: string }>(`${server.url}/status.php`, "GET");
  assert.deepEqual([status.status, status.body.installed], [200, true]);
  // Programs refuse to work with servers of before 20.
  assert.ok(Number.parseInt(status.body.versionstring) >= 20);
  type Answer = { ocs: { meta: { statuscode: number }; data: { capabilities: Record<string, unknown>; id: string } } };
  const asked = async (path: string) => (await device.get<Answer>(path)).body.ocs;
  const { meta, data } = await asked("/ocs/v1.php/cloud/capabilities?format=json");
  assert.equal(meta.statuscode, 100);
  assert.deepEqual(data.capabilities["uploadConflictFiles"], true);
  // Many files in one request have cost files elsewhere; without the second way of parts programs use the first.
  assert.deepEqual(data.capabilities["dav"], { chunking: "1.0" });
  const user = await asked("/ocs/v2.php/cloud/user?format=json");
  assert.deepEqual([user.meta.statuscode, user.data.id], [200, "ann"]);
  const nobody = await davClient(server.url, {}, "/remote.php/webdav")("GET", "/");
  assert.deepEqual([nobody.status, nobody.headers.get("www-authenticate")?.split(" ")[0]], [401, "Basic"]);
  const plain = davClient(server.url, device.authorization, "/remote.php/webdav");
  assert.equal((await plain("PUT", "/a.txt", { body: "abc" })).status, 201);
  assert.equal((await tree("GET", "/a.txt")).text, "abc");
  await server.signUp("bob");
  const other = davClient(server.url, device.authorization, files("bob"));
  assert.deepEqual(
    [(await other("GET", "/a.txt")).status, (await other("PUT", "/b", { body: "x" })).status],
    [404, 404],
  );
});

test("[WD21] files and folders have an id that stays when they move, and every answer about a folder has a time", async (t) => {
  const { tree } = await startWithAnn(t);
  const made = await tree("MKCOL", "/docs");
  const put = await tree("PUT", "/docs/a b.txt", { body: "abc", headers: { "x-oc-mtime": "1600000000" } });
  assert.equal(put.headers.get("x-oc-mtime"), "accepted");
  assert.equal(put.headers.get("oc-etag"), put.headers.get("etag"));
  const [folder, file] = [await look(tree, "/docs"), await look(tree, "/docs/a%20b.txt")];
  assert.deepEqual([folder.id, file.id], [made.headers.get("oc-fileid"), put.headers.get("oc-fileid")]);
  assert.deepEqual([file.size, file.etag, file.permissions], ["3", put.headers.get("etag"), "GDNVW"]);
  assert.equal(folder.permissions, "GDNVCK");
  assert.equal((await look(tree, "/")).permissions, "GCK");
  // One that has none is never made on the other side.
  assert.ok(Date.parse(folder.modified ?? "") > 0);
  assert.match(file.number ?? "", /^\d+$/);
  const destination = `${files("ann")}/papers`;
  assert.equal((await tree("MOVE", "/docs", { headers: { destination } })).status, 201);
  assert.deepEqual(await look(tree, "/papers/a%20b.txt"), file);
  assert.equal((await look(tree, "/papers")).id, folder.id);
});

test("[WD21] [WD24] a shared folder says what one may do in it, and what changes there shows in the tags above it", async (t) => {
  const { server, device, tree } = await startWithAnn(t);
  await tree("MKCOL", "/plans");
  await tree("MKCOL", "/plans/deep");
  const { id = "" } = await look(tree, "/plans");
  const share = await device.post<{ workspace_id: string }>("/v1/shares", { folder_id: id });
  const { workspace_id: workspaceId } = share.body;
  const vic = await signUp(server, "vic");
  await device.post(`/v1/shares/${workspaceId}/invitations`, { who: "vic", role: "viewer" });
  await vic.device.post(`/v1/shares/${workspaceId}/accept`, { name: "seen" });
  await vic.tree("MKCOL", "/own");
  const paths = ["/", "/seen", "/seen/deep", "/own"];
  const lookAll = async () => Promise.all(paths.map((path) => look(vic.tree, path)));
  const before = await lookAll();
  assert.deepEqual(
    before.map(({ permissions }) => permissions),
    ["GCK", "SGDNV", "SG", "GDNVCK"],
  );
  await tree("PUT", "/plans/deep/new.txt", { body: "new" });
  const after = await lookAll();
  const changed = (now: typeof before) => paths.filter((_, nth) => now[nth]?.etag !== before[nth]?.etag);
  assert.deepEqual(changed(after), ["/", "/seen", "/seen/deep"]);
  const { account_id: vicId } = vic.device.login;
  await device.post(`/v1/shares/${workspaceId}/members/${vicId}`, { role: "editor" });
  const asEditor = await lookAll();
  assert.equal(asEditor[2]?.permissions, "SGDNVCK");
  assert.notEqual(asEditor[2]?.etag, after[2]?.etag);
});

test("[WD22] parts in any order become one file at once, and an upload that was interrupted goes on", async (t) => {
  const { tree, uploads } = await startWithAnn(t);
  const destination = `${files("ann")}/big.bin`;
  assert.equal((await uploads("PUT", "/one/00001", { body: "x" })).status, 404);
  assert.equal((await uploads("MKCOL", "/one")).status, 201);
  for (const [part, body] of [
    ["10", "cc"],
    ["2", "bb"],
    ["1", "aaaa"],
  ] as const)
    assert.equal((await uploads("PUT", `/one/${part}`, { body, headers: { destination } })).status, 201);
  const told = await uploads("PROPFIND", "/one/", { headers: { depth: "1" } });
  assert.deepEqual(
    [...told.text.matchAll(/uploads\/ann\/one\/(\d+)<.*<d:getcontentlength>(\d+)</g)].map(([, name, size]) => [
      name,
      size,
    ]),
    [
      ["1", "4"],
      ["2", "2"],
      ["10", "2"],
    ],
  );
  const finish = (headers: Record<string, string>) =>
    uploads("MOVE", "/one/.file", { headers: { destination, ...headers } });
  assert.equal((await finish({ "oc-total-length": "9" })).status, 400);
  assert.equal((await tree("GET", "/big.bin")).status, 404);
  const done = await finish({ "oc-total-length": "8", "x-oc-mtime": "1600000000" });
  assert.equal(done.status, 201);
  const got = await tree("GET", "/big.bin");
  assert.deepEqual([got.text, got.headers.get("etag")], ["aaaabbcc", done.headers.get("oc-etag")]);
  assert.equal(Date.parse(got.headers.get("last-modified") ?? ""), 1_600_000_000_000);
  assert.equal((await uploads("PROPFIND", "/one")).status, 404);
});

test("[WD22] parts that are meant for another version than there is are refused, and make nothing", async (t) => {
  const { server, tree, uploads } = await startWithAnn(t);
  const first = (await tree("PUT", "/a.txt", { body: "first" })).headers.get("etag");
  await tree("PUT", "/a.txt", { body: "second" });
  const destination = `${server.url}${files("ann")}/a.txt`;
  await uploads("MKCOL", "/two");
  await uploads("PUT", "/two/1", { body: "third" });
  const move = (etag = "") =>
    uploads("MOVE", "/two/.file", { headers: { destination, if: `<${destination}> ([${etag}])` } });
  assert.equal((await move(first ?? undefined)).status, 412);
  assert.equal((await tree("GET", "/a.txt")).text, "second");
  assert.equal((await move((await look(tree, "/a.txt")).etag)).status, 204);
  assert.equal((await tree("GET", "/a.txt")).text, "third");
});

test("[WD22] parts for a shared folder become a file there", async (t) => {
  const { device, tree, uploads } = await startWithAnn(t);
  await tree("MKCOL", "/plans");
  await device.post("/v1/shares", { folder_id: (await look(tree, "/plans")).id });
  await uploads("MKCOL", "/three");
  await uploads("PUT", "/three/1", { body: "shared" });
  const headers = { destination: `${files("ann")}/plans/a.txt` };
  assert.equal((await uploads("MOVE", "/three/.file", { headers })).status, 201);
  assert.equal((await tree("GET", "/plans/a.txt")).text, "shared");
});

test("[WD22] parts whose chunks are gone make no file, in a shared folder neither", async (t) => {
  const { server, device, tree, uploads } = await startWithAnn(t);
  await tree("MKCOL", "/plans");
  await device.post("/v1/shares", { folder_id: (await look(tree, "/plans")).id });
  await uploads("MKCOL", "/three");
  await uploads("PUT", "/three/1", { body: "gone" });
  const workspaceId = workspaceOfEntry((await look(tree, "/")).id as EntryId);
  const beforeMs = server.nowMs() + 86_400_000;
  assert.equal(await server.metadata.maintenance.releaseChunks({ workspaceId, beforeMs, limit: 100 }), 1);
  const headers = { destination: `${files("ann")}/plans/a.txt` };
  assert.equal((await uploads("MOVE", "/three/.file", { headers })).status, 404);
  assert.equal((await tree("GET", "/plans/a.txt")).status, 404);
});

test("[WD22] two parts of one number are refused, since one of them is wrong", async (t) => {
  const { tree, uploads } = await startWithAnn(t);
  await uploads("MKCOL", "/four");
  for (const part of ["1", "01"]) await uploads("PUT", `/four/${part}`, { body: "part" });
  const headers = { destination: `${files("ann")}/a.txt` };
  assert.equal((await uploads("MOVE", "/four/.file", { headers })).status, 400);
  assert.equal((await tree("GET", "/a.txt")).status, 404);
});

test("[WD20] an account's name may be encoded otherwise in a header than in the address, and addresses are told behind the public address's path", async (t) => {
  const server = await startTestServer(t, { publicUrl: "https://example.org/satchel" });
  const name = "ann+team";
  const { tree, uploads } = await signUp(server, name);
  await tree("PUT", "/a.txt", { body: "abc" });
  const at = (path: string) => ({ destination: `/satchel/remote.php/dav/files/ann%2Bteam${path}` });
  assert.equal((await tree("MOVE", "/a.txt", { headers: at("/b.txt") })).status, 201);
  await uploads("MKCOL", "/one");
  await uploads("PUT", "/one/1", { body: "part" });
  const listed = await uploads("PROPFIND", "/one/");
  assert.deepEqual(hrefsOf(listed.text), [
    `/satchel/remote.php/dav/uploads/${name}/one/`,
    `/satchel/remote.php/dav/uploads/${name}/one/1`,
  ]);
  assert.equal((await uploads("MOVE", "/one/.file", { headers: at("/c.txt") })).status, 201);
  assert.deepEqual([(await tree("GET", "/b.txt")).text, (await tree("GET", "/c.txt")).text], ["abc", "part"]);
  const elsewhere = { destination: "/satchel/remote.php/dav/files/bob%2Bteam/d.txt" };
  assert.equal((await tree("MOVE", "/b.txt", { headers: elsewhere })).status, 403);
});

test("[WD23] the first way of parts is refused, so that no part becomes a file, and so is what its checksum doesn't fit", async (t) => {
  const { device, tree } = await startWithAnn(t);
  const part = await tree("PUT", "/big.bin-chunking-42-2-0", { body: "part", headers: { "oc-chunked": "1" } });
  assert.equal(part.status, 501);
  const sum = (text: string) => ({ "oc-checksum": text });
  const wrong = await tree("PUT", "/a.txt", { body: "abc", headers: sum(`SHA1:${"0".repeat(40)}`) });
  assert.equal(wrong.status, 400);
  const { body } = await device.get<{ entries: unknown[] }>("/v1/files/metadata?folder_id=root");
  assert.deepEqual(body.entries, []);
  const right = sum("SHA1:a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.equal((await tree("PUT", "/a.txt", { body: "abc", headers: right })).status, 201);
});

test("[WD23] a conflicted copy that a program sends is known as one, of the file that it says", async (t) => {
  const { device, tree } = await startWithAnn(t);
  const original = await tree("PUT", "/a.txt", { body: "theirs" });
  const base = original.headers.get("etag") ?? "";
  const of = original.headers.get("oc-fileid") ?? "";
  const headers = { "oc-conflict": "1", "oc-conflictbasefileid": of, "oc-conflictbaseetag": base };
  assert.equal((await tree("PUT", "/a%20(conflicted%20copy).txt", { body: "mine", headers })).status, 201);
  const { body } = await device.get<{ conflicts: ConflictedCopy[] }>("/v1/files/conflicts");
  assert.deepEqual(
    body.conflicts.map(({ path }) => path),
    ["/a (conflicted copy).txt"],
  );
});
