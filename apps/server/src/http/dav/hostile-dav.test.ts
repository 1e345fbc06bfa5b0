import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { test } from "node:test";
import type { ChangesPage, Share } from "@satchel/protocol";
import { maxDavLocksTogether } from "../../storage/metadata/dav-store.ts";
import { startTestServer } from "../test-server.fixture.ts";
import { askFor, davOf, lockInfo } from "./dav-client.fixture.ts";

const patchOf = (inner: string) =>
  `<D:propertyupdate xmlns:D="DAV:" xmlns:x="urn:x"><D:set><D:prop>${inner}</D:prop></D:set></D:propertyupdate>`;

test("[WD14] whoever may only read a shared folder can't lock it for the others by its mount", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const owner = davOf(ann);
  await owner("MKCOL", "/plans");
  const { body: found } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/plans");
  const { body: share } = await ann.post<Share>("/v1/shares", { folder_id: found.file_id });
  const vic = await server.signUp("vic");
  await ann.post(`/v1/shares/${share.workspace_id}/invitations`, { who: "vic", role: "viewer" });
  await vic.post(`/v1/shares/${share.workspace_id}/accept`, { name: "seen" });
  assert.equal((await davOf(vic)("PROPFIND", "/seen", { headers: { depth: "1" } })).status, 207);
  assert.equal((await davOf(vic)("LOCK", "/seen", { body: lockInfo() })).status, 403);
  assert.equal((await owner("PUT", "/plans/a.txt", { body: "a" })).status, 201);
  assert.equal((await owner("LOCK", "/plans", { body: lockInfo() })).status, 200);
});

test("[WD14] locks that hold the same are bounded, since each listing tells them all", async (t) => {
  const server = await startTestServer(t);
  const dav = davOf(await server.signUp("ann"));
  const lock = async (path: string) => (await dav("LOCK", path, { body: lockInfo({ scope: "shared" }) })).status;
  for (let nth = 0; nth < maxDavLocksTogether; nth += 1) assert.equal(await lock("/"), 200);
  assert.equal(await lock("/"), 507);
  const long = lockInfo({ owner: "o".repeat(2000) });
  assert.equal((await dav("LOCK", "/", { body: long })).status, 400);
});

test("[WD5] a question can't make the answer many times its own length", async (t) => {
  const server = await startTestServer(t);
  const dav = davOf(await server.signUp("ann"));
  const ask = async (body: string) => (await dav("PROPFIND", "/", { headers: { depth: "0" }, body })).status;
  assert.equal(await ask(askFor(...Array.from({ length: 250 }, (_, nth) => `p${nth}`))), 207);
  assert.equal(await ask(askFor(...Array.from({ length: 251 }, (_, nth) => `p${nth}`))), 400);
  const far = `<propfind xmlns="DAV:" xmlns:a="${"n".repeat(100_000)}"><prop>${"<a:b/>".repeat(200)}</prop></propfind>`;
  assert.equal(await ask(far), 400);
});

test("[WD13] a time that devices could not read is refused, and one property too much changes no time", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const dav = davOf(ann);
  await dav("PUT", "/a.txt", { body: "a", headers: { "x-oc-mtime": "1600000000" } });
  for (const time of ["Sat, 01 Jan 275000 00:00:00 GMT", "-000001-01-01T00:00:00Z"]) {
    const answer = await dav("PROPPATCH", "/a.txt", {
      body: patchOf(`<D:getlastmodified>${time}</D:getlastmodified>`),
    });
    assert.match(answer.text, /HTTP\/1\.1 403/);
  }
  const time = "<D:getlastmodified>Fri, 01 Jan 2021 00:00:00 GMT</D:getlastmodified>";
  const both = await dav("PROPPATCH", "/a.txt", { body: patchOf(`${time}<x:big>${"v".repeat(200_000)}</x:big>`) });
  assert.equal(both.status, 507);
  const { body } = await ann.get<ChangesPage>("/v1/sync/changes");
  assert.deepEqual(
    body.changes.filter(({ name }) => name === "a.txt").map(({ modified }) => modified),
    ["2020-09-13T12:26:40.000Z"],
  );
});

test("[WD15] a lock that is set while a file comes keeps it out", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const sent = request(`${server.url}/dav/locked.txt`, {
    method: "PUT",
    headers: { ...ann.authorization, expect: "100-continue", "content-length": 6 },
  });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  sent.flushHeaders();
  await once(sent, "continue");
  sent.write("abc");
  assert.equal((await davOf(ann)("LOCK", "/locked.txt", { body: lockInfo() })).status, 201);
  sent.end("def");
  const [answer] = await answered;
  answer.resume();
  assert.equal(answer.statusCode, 423);
  assert.equal((await davOf(ann)("GET", "/locked.txt")).text, "");
});
