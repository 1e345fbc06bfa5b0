import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { NewShareLink, ShareLink } from "@satchel/protocol";
import { startTestServer, type TestDevice } from "../../test-server.fixture.ts";
import { contentOf } from "../../test-server.fixture.ts";

/** Ann's folder `album` with a picture and a text, a folder below, and a file beside it. */
async function startAlbum(t: TestContext) {
  const server = await startTestServer(t);
  const owner = await server.signUp("ann");
  const [album, sub] = [owner.newId(), owner.newId()];
  await owner.commit([
    { op: "create_folder", id: album, parent_id: owner.root, name: "album" },
    { op: "create_folder", id: sub, parent_id: album, name: "<sub>" },
  ]);
  const put = async (name: string, parent: typeof album) => {
    const id = owner.newId();
    const bytes = Buffer.from(`content of ${name}`);
    await owner.commit([{ op: "create_file", id, parent_id: parent, name, content: contentOf([bytes]) }], [bytes]);
    return id;
  };
  const text = await put("notes.txt", album);
  const picture = await put("photo.png", sub);
  const { id: beside } = await owner.putFile("beside.txt", "not shared");
  const link = async (wish: object = {}) => {
    const { status, body } = await owner.post<NewShareLink>("/v1/links", { entry_id: album, ...wish });
    assert.equal(status, 200, JSON.stringify(body));
    return { ...body, path: new URL(body.url).pathname };
  };
  return { server, owner, album, sub, text, picture, beside, link };
}

/** As a browser without an account. */
async function visit(server: { readonly url: string }, path: string, options: RequestInit = {}) {
  const response = await fetch(server.url + path, { redirect: "manual", ...options });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function listed(owner: TestDevice): Promise<ShareLink[]> {
  return (await owner.get<{ links: ShareLink[] }>("/v1/links")).body.links;
}

test("[SH20] a link shows a folder and what is below it to whoever has it, and nothing else", async (t) => {
  const { server, link, sub, text, picture, beside, owner } = await startAlbum(t);
  const { path, url } = await link();
  assert.match(url, /\/s\/[\w-]{32}$/);
  const page = await visit(server, path);
  assert.equal(page.status, 200);
  assert.match(page.text, /notes\.txt/);
  assert.match(page.text, /&#60;sub&#62;/);
  assert.match(page.headers.get("x-robots-tag") ?? "", /noindex/);
  assert.match((await visit(server, `${path}?in=${sub}`)).text, /photo\.png/);
  const file = await visit(server, `${path}/${text}`);
  assert.deepEqual([file.status, file.text], [200, "content of notes.txt"]);
  assert.match(file.headers.get("content-disposition") ?? "", /^attachment/);
  assert.equal((await visit(server, `${path}/${picture}`)).text, "content of photo.png");
  for (const foreign of [`${path}/${beside}`, `${path}?in=${owner.root}`, `/s/${"a".repeat(32)}`, `${path}x`])
    assert.equal((await visit(server, foreign)).status, 404, foreign);
});

test("[SH20] a link that only shows gives pictures to look at, and no files to keep", async (t) => {
  const { server, link, text, picture } = await startAlbum(t);
  const { path } = await link({ kind: "view" });
  const shown = await visit(server, `${path}/${picture}`);
  assert.deepEqual([shown.status, shown.headers.get("content-type")], [200, "image/png"]);
  assert.equal((await visit(server, `${path}/${text}`)).status, 403);
});

test("[SH21] a password is asked for before anything is told, and guessing it is slowed down", async (t) => {
  const { server, link, text } = await startAlbum(t);
  const { path } = await link({ password: "open sesame" });
  assert.doesNotMatch((await visit(server, path)).text, /album|notes/);
  assert.equal((await visit(server, `${path}/${text}`)).status, 303);
  const form = (password: string) => ({
    method: "POST",
    body: new URLSearchParams({ password }),
    headers: { origin: server.url },
  });
  const entered = await visit(server, path, form("open sesame"));
  assert.equal(entered.status, 303);
  const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  assert.match((await visit(server, path, { headers: { cookie } })).text, /notes\.txt/);
  const other = await link({ password: "another" });
  assert.doesNotMatch((await visit(server, other.path, { headers: { cookie } })).text, /notes\.txt/);
  server.moveClock(13 * 3600_000);
  assert.doesNotMatch((await visit(server, path, { headers: { cookie } })).text, /notes\.txt/);
  const statuses = [];
  for (let n = 0; n < 6; n += 1) statuses.push((await visit(server, path, form("wrong"))).status);
  assert.deepEqual(statuses, [403, 403, 403, 403, 403, 429]);
});

test("[SH22] a link begins and ends when it should, gives as many downloads as it may, and ends when it is revoked", async (t) => {
  const { server, owner, link, text } = await startAlbum(t);
  const at = (hours: number) => new Date(server.nowMs() + hours * 3600_000).toISOString();
  const timed = await link({ starts: at(1), expires: at(3) });
  const statusOf = async (path: string) => (await visit(server, path)).status;
  assert.equal(await statusOf(timed.path), 404);
  const limited = await link({ max_downloads: 2 });
  const range = { headers: { range: "bytes=3-" } };
  const downloads = [await statusOf(`${limited.path}/${text}`)];
  for (let n = 0; n < 2; n += 1) downloads.push((await visit(server, `${limited.path}/${text}`, range)).status);
  assert.deepEqual(downloads, [200, 206, 403]);
  assert.equal(await statusOf(limited.path), 200);
  const revoked = await link();
  assert.equal(await statusOf(revoked.path), 200);
  const address = `${server.url}/v1/links/${revoked.link_id}`;
  const stranger = await server.signUp("sam");
  const revoke = async ({ authorization }: TestDevice) =>
    (await fetch(address, { method: "DELETE", headers: authorization })).status;
  assert.equal(await revoke(stranger), 404);
  assert.equal(await revoke(owner), 200);
  assert.equal(await statusOf(revoked.path), 404);
  server.moveClock(2 * 3600_000);
  assert.equal(await statusOf(timed.path), 200);
  server.moveClock(2 * 3600_000);
  assert.equal(await statusOf(timed.path), 404);
});

test("[SH22] a link shows no more than its maker may see, and follows what it shows", async (t) => {
  const { server, owner, album, link } = await startAlbum(t);
  const { path } = await link();
  await owner.commit([
    { op: "move", id: album, parent_id: owner.root, name: "renamed", base_parent_id: owner.root, base_name: "album" },
  ]);
  assert.match((await visit(server, path)).text, /renamed/);
  assert.equal((await listed(owner))[0]?.path, "/renamed");
  await server.core.accounts.setDisabled("ann", true);
  assert.equal((await visit(server, path)).status, 404);
  await server.core.accounts.setDisabled("ann", false);
  assert.equal((await visit(server, path)).status, 200);
  const again = await server.signIn("ann");
  await again.commit([{ op: "delete", id: album }]);
  assert.equal((await visit(server, path)).status, 404);
  assert.equal((await listed(again))[0]?.path, null);
});

test("[SH22] a link goes along when its folder is shared, and ends when its maker may not see the folder any more", async (t) => {
  const { server, owner, album, sub, link } = await startAlbum(t);
  const inside = await link({ entry_id: sub });
  const whole = await link();
  const { body: share } = await owner.post<{ workspace_id: string }>("/v1/shares", { folder_id: album });
  assert.match((await visit(server, inside.path)).text, /photo\.png/);
  assert.match((await visit(server, whole.path)).text, /notes\.txt/);
  const member = await server.signUp("eve");
  const path = `/v1/shares/${share.workspace_id}`;
  await owner.post(`${path}/invitations`, { who: "eve", role: "editor" });
  await member.post(`${path}/accept`, {});
  const { body: top } = await member.get<{ entries: { id: string }[] }>("/v1/files/metadata?folder_id=root");
  const { body: theirs } = await member.post<NewShareLink>("/v1/links", { entry_id: top.entries[0]?.id });
  const address = new URL(theirs.url).pathname;
  assert.match((await visit(server, address)).text, /notes\.txt/);
  assert.deepEqual(
    (await listed(member)).map((made) => made.path === null),
    [false],
  );
  await member.post(`${path}/leave`, undefined);
  assert.equal((await visit(server, address)).status, 404);
  assert.deepEqual(
    (await listed(member)).map((made) => made.path),
    [null],
  );
});

test("[SH23] the secret of a link is told once and kept nowhere, and making and revoking it is in the audit log", async (t) => {
  const { server, owner, link } = await startAlbum(t);
  const { url, link_id } = await link({ password: "open sesame" });
  const token = url.slice(url.lastIndexOf("/") + 1);
  const known = JSON.stringify([await listed(owner), await server.metadata.links.list(owner.login.account_id)]);
  assert.equal(known.includes(token), false);
  assert.equal(server.log.join("\n").includes(token), false);
  await fetch(`${server.url}/v1/links/${link_id}`, { method: "DELETE", headers: owner.authorization });
  const { body } = await owner.get<{ records: { action: string; detail: { change?: string } }[] }>("/v1/audit");
  const changes = body.records.filter(({ action }) => action === "link_changed").map(({ detail }) => detail.change);
  assert.deepEqual(changes, ["revoked", "made"]);
  assert.equal(JSON.stringify(body).includes(token), false);
});

test("[SH20] a folder of a link comes as one zip file, once for each download that is left, and without what is shared by itself", async (t) => {
  const { server, owner, album, sub, link } = await startAlbum(t);
  const { path } = await link({ max_downloads: 1 });
  const share = await owner.post("/v1/shares", { folder_id: sub });
  assert.equal(share.status, 200);
  const zip = await visit(server, `${path}/archive`);
  assert.deepEqual([zip.status, zip.headers.get("content-type")], [200, "application/zip"]);
  assert.match(zip.headers.get("content-disposition") ?? "", /album\.zip/);
  assert.match(zip.text, /album\/notes\.txt/);
  assert.doesNotMatch(zip.text, /photo\.png/);
  assert.equal((await visit(server, `${path}/archive`)).status, 403);
  assert.match((await visit(server, path)).text, /as often as it may be/);
  const shown = await link({ kind: "view", entry_id: album });
  assert.equal((await visit(server, `${shown.path}/archive`)).status, 403);
});

test("[SH20] pictures have a page that shows them, unless downloads are counted", async (t) => {
  const { server, link, sub, picture, text } = await startAlbum(t);
  const { path } = await link();
  assert.match((await visit(server, `${path}?in=${sub}`)).text, new RegExp(`${path}/view/${picture}`));
  const page = await visit(server, `${path}/view/${picture}`);
  assert.equal(page.status, 200);
  assert.match(page.text, new RegExp(`<img src="${path}/${picture}\\?inline=1"`));
  const bytes = await visit(server, `${path}/${picture}?inline=1`);
  assert.deepEqual([bytes.status, bytes.headers.get("content-type")], [200, "image/png"]);
  assert.match(
    (await visit(server, `${path}/${text}?inline=1`)).headers.get("content-disposition") ?? "",
    /^attachment/,
  );
  assert.equal((await visit(server, `${path}/view/${text}`)).status, 404);
  const counted = await link({ max_downloads: 3 });
  assert.equal((await visit(server, `${counted.path}/view/${picture}`)).status, 404);
});

test("[SH20] a viewer of a shared folder makes no link to it, wherever it is mounted", async (t) => {
  const { server, owner, album } = await startAlbum(t);
  const { body: share } = await owner.post<{ workspace_id: string }>("/v1/shares", { folder_id: album });
  const viewer = await server.signUp("eve");
  await owner.post(`/v1/shares/${share.workspace_id}/invitations`, { who: "eve", role: "viewer" });
  const { body: mine } = await viewer.post<{ mount_id: string }>(`/v1/shares/${share.workspace_id}/accept`, {});
  assert.equal((await viewer.post("/v1/links", { entry_id: mine.mount_id })).status, 403);
});

/** Sends a file as the page's script does. */
async function put(server: { readonly url: string }, path: string, name: string, content: string | Buffer) {
  const headers = { origin: server.url, "content-type": "application/octet-stream" };
  return visit(server, `${path}/upload?name=${encodeURIComponent(name)}`, { method: "PUT", headers, body: content });
}

test("[SH24] an upload link takes files into the folder, never over another, and shows nothing", async (t) => {
  const { server, owner, album, text, link } = await startAlbum(t);
  const { path } = await link({ kind: "upload" });
  const page = await visit(server, path);
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.text, /notes\.txt/);
  assert.deepEqual(JSON.parse((await put(server, path, "new.txt", "from a guest")).text), { name: "new.txt" });
  assert.deepEqual(JSON.parse((await put(server, path, "notes.txt", "not over it")).text), { name: "notes (2).txt" });
  assert.deepEqual(JSON.parse((await put(server, path, "empty.txt", "")).text), { name: "empty.txt" });
  const { body } = await owner.get<{ entries: { id: string; name: string; size: number }[] }>(
    `/v1/files/metadata?folder_id=${album}`,
  );
  assert.deepEqual(
    body.entries.filter(({ size }) => size > 0 && size < 18).map(({ name }) => name),
    ["new.txt", "notes (2).txt"],
  );
  const fresh = body.entries.find(({ name }) => name === "new.txt")?.id ?? "";
  const bytes = await fetch(`${server.url}/v1/files/content?file_id=${fresh}`, { headers: owner.authorization });
  assert.equal(await bytes.text(), "from a guest");
  for (const peek of [`${path}/${text}`, `${path}?in=${album}`, `${path}/archive`, `${path}/view/${text}`])
    assert.doesNotMatch((await visit(server, peek)).text, /content of notes|notes\.txt/, peek);
});

test("[SH24] an upload link keeps its limits: number of files, password, names, the folder's room, and its maker's role", async (t) => {
  const { server, owner, album, text, link } = await startAlbum(t);
  const one = await link({ kind: "upload", max_downloads: 1 });
  assert.equal((await put(server, one.path, "a.txt", "a")).status, 200);
  assert.equal((await put(server, one.path, "b.txt", "b")).status, 403);
  assert.match((await visit(server, one.path)).text, /takes no more files/);
  const locked = await link({ kind: "upload", password: "open sesame" });
  assert.equal((await put(server, locked.path, "a.txt", "a")).status, 403);
  const open = await link({ kind: "upload" });
  assert.equal((await put(server, open.path, "a/b.txt", "a")).status, 400);
  assert.equal((await put(server, open.path, ".SatchelIgnore", "*")).status, 400);
  const foreign = await visit(server, `${open.path}/upload?name=a.txt`, {
    method: "PUT",
    headers: { origin: "https://elsewhere.example", "content-type": "application/octet-stream" },
    body: "a",
  });
  assert.equal(foreign.status, 403);
  const shows = await link();
  assert.equal((await put(server, shows.path, "a.txt", "a")).status, 404);
  assert.equal((await owner.post("/v1/links", { entry_id: text, kind: "upload" })).status, 400);
  const room = (quotaBytes: number | null) =>
    server.metadata.ledger.setQuota({ accountId: owner.login.account_id, quotaBytes });
  await room(1);
  assert.equal((await put(server, open.path, "large.bin", "too much")).status, 413);
  await room(null);
  // What was known of the room a moment ago.
  server.moveClock(3000);
  const { body: share } = await owner.post<{ workspace_id: string }>("/v1/shares", { folder_id: album });
  const editor = await server.signUp("eve");
  const members = `/v1/shares/${share.workspace_id}`;
  await owner.post(`${members}/invitations`, { who: "eve", role: "editor" });
  const { body: mount } = await editor.post<{ mount_id: string }>(`${members}/accept`, {});
  const { body: theirs } = await editor.post<NewShareLink>("/v1/links", { entry_id: mount.mount_id, kind: "upload" });
  const address = new URL(theirs.url).pathname;
  assert.equal((await put(server, address, "c.txt", "c")).status, 200);
  await owner.post(`${members}/members/${editor.login.account_id}`, { role: "viewer" });
  assert.equal((await put(server, address, "d.txt", "d")).status, 403);
});

test("[SH24] a file whose link ends while it comes isn't taken", async (t) => {
  const { server, owner, link } = await startAlbum(t);
  const { linkVisits, linkUploads } = server.core;
  const inbox = owner.newId();
  await owner.commit([{ op: "create_folder", id: inbox, parent_id: owner.root, name: "inbox" }]);
  const { url, link_id: id } = await link({ entry_id: inbox, kind: "upload" });
  const open = await linkVisits.open(url.slice(url.lastIndexOf("/") + 1), undefined);
  assert.ok(open !== "locked");
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("first");
    await fetch(`${server.url}/v1/links/${id}`, { method: "DELETE", headers: owner.authorization });
    yield Buffer.from("last");
  }
  const file = { name: "late.txt", sizeBytes: 9, pieces: pieces() };
  await assert.rejects(linkUploads.put(open, inbox, file), { code: "not_found" });
  const { body } = await owner.get<{ entries: unknown[] }>(`/v1/files/metadata?folder_id=${inbox}`);
  assert.deepEqual(body.entries, []);
});
