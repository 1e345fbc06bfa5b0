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
  await member.post(`${path}/leave`, undefined);
  assert.equal((await visit(server, address)).status, 404);
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
