import assert from "node:assert/strict";
import { test } from "node:test";
import type { Share } from "@satchel/protocol";
import { startTestServer } from "../test-server.fixture.ts";
import { askFor, davOf, hrefsOf, lockInfo } from "./dav-client.fixture.ts";

test("[WD14] [WD15] a lock keeps others out until it is given back or has ended", async (t) => {
  const server = await startTestServer(t);
  const dav = davOf(await server.signUp("ann"));
  await dav("MKCOL", "/docs");
  const locked = await dav("LOCK", "/docs", { body: lockInfo(), headers: { timeout: "Infinite, Second-99" } });
  const token = locked.headers.get("lock-token") ?? "";
  assert.match(locked.text, /<d:timeout>Second-3600</);
  const refused = await dav("PUT", "/docs/a.txt", { body: "x" });
  assert.equal(refused.status, 423);
  assert.match(refused.text, /lock-token-submitted/);
  assert.equal((await dav("DELETE", "/docs")).status, 423);
  assert.equal((await dav("LOCK", "/docs/a.txt", { body: lockInfo({ scope: "shared" }) })).status, 423);
  assert.equal((await dav("PUT", "/docs/a.txt", { body: "x", headers: { if: "(<urn:uuid:other>)" } })).status, 412);
  assert.equal((await dav("PUT", "/docs/a.txt", { body: "x", headers: { if: `</dav/docs> (${token})` } })).status, 201);
  assert.equal((await dav("PUT", "/docs/a.txt", { body: "y", headers: { if: `(${token})` } })).status, 204);
  const prolonged = await dav("LOCK", "/docs", { headers: { if: `(${token})`, timeout: "Second-60" } });
  assert.match(prolonged.text, /<d:timeout>Second-60</);
  assert.equal((await dav("UNLOCK", "/docs", { headers: { "lock-token": "<urn:uuid:other>" } })).status, 409);
  server.moveClock(61_000);
  assert.equal((await dav("PUT", "/docs/a.txt", { body: "z" })).status, 204);
  const shared = await Promise.all(
    [1, 2].map(() => dav("LOCK", "/docs/a.txt", { body: lockInfo({ scope: "shared" }) })),
  );
  assert.deepEqual(
    shared.map(({ status }) => status),
    [200, 200],
  );
  assert.equal((await dav("PUT", "/docs/a.txt", { body: "z" })).status, 423);
  for (const { headers } of shared)
    assert.equal(
      (await dav("UNLOCK", "/docs/a.txt", { headers: { "lock-token": headers.get("lock-token") ?? "" } })).status,
      204,
    );
  assert.equal((await dav("PUT", "/docs/a.txt", { body: "z" })).status, 204);
});

test("[WD16] [WD17] devices write past locks, and what moves away leaves its lock behind", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const dav = davOf(ann);
  await dav("PUT", "/a.txt", { body: "a" });
  const lock = async (path: string) => (await dav("LOCK", path, { body: lockInfo() })).headers.get("lock-token") ?? "";
  const token = await lock("/a.txt");
  const { body: found } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/a.txt");
  const touch = { op: "touch", id: found.file_id, modified: "2026-01-01T00:00:00.000Z", executable: true } as never;
  assert.equal((await ann.commit([touch])).results[0]?.status, "done");
  const moved = await dav("MOVE", "/a.txt", { headers: { destination: "/dav/b.txt", if: `(${token})` } });
  assert.equal(moved.status, 201);
  for (const path of ["/a.txt", "/b.txt"])
    assert.match((await dav("PUT", path, { body: "x" })).status.toString(), /^20/);
});

test("[WD3] [WD17] in a shared folder members have their rights and meet each other's locks, and others find nothing", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  await davOf(ann)("MKCOL", "/plans");
  const { body: found } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/plans");
  const { body: share } = await ann.post<Share>("/v1/shares", { folder_id: found.file_id });
  const join = async (name: string, role: string) => {
    const device = await server.signUp(name);
    await ann.post(`/v1/shares/${share.workspace_id}/invitations`, { who: name, role });
    assert.equal((await device.post(`/v1/shares/${share.workspace_id}/accept`, { name: `${name}'s` })).status, 200);
    return davOf(device);
  };
  const [eve, vic] = [await join("eve", "editor"), await join("vic", "viewer")];
  const owner = davOf(ann);
  assert.equal((await eve("PUT", "/eve's/a.txt", { body: "abc" })).status, 201);
  assert.equal((await owner("GET", "/plans/a.txt")).text, "abc");
  assert.deepEqual(hrefsOf((await vic("PROPFIND", "/vic's/", { headers: { depth: "1" } })).text), [
    "/dav/vic%27s/",
    "/dav/vic%27s/a.txt",
  ]);
  const destination = (path: string) => ({ headers: { destination: `/dav${path}` } });
  for (const [method, path, options] of [
    ["PUT", "/vic's/a.txt", { body: "x" }],
    ["PUT", "/vic's/new.txt", { body: "x" }],
    ["DELETE", "/vic's/a.txt", {}],
    ["MKCOL", "/vic's/new", {}],
    ["MOVE", "/vic's/a.txt", destination("/mine.txt")],
    ["LOCK", "/vic's/a.txt", { body: lockInfo() }],
    ["PROPPATCH", "/vic's/a.txt", { body: `<propertyupdate xmlns="DAV:"/>` }],
  ] as const)
    assert.equal((await vic(method, path, options)).status, 403, `${method} ${path}`);
  assert.equal((await vic("COPY", "/vic's/a.txt", destination("/mine.txt"))).status, 201);
  assert.equal((await vic("COPY", "/mine.txt", destination("/vic's/mine.txt"))).status, 403);
  assert.equal((await vic("GET", "/mine.txt")).text, "abc");
  const locked = await eve("LOCK", "/eve's/a.txt", { body: lockInfo({ owner: "Eve" }) });
  const token = locked.headers.get("lock-token") ?? "";
  assert.equal((await owner("PUT", "/plans/a.txt", { body: "x", headers: { if: `(${token})` } })).status, 423);
  const seen = await owner("PROPFIND", "/plans/a.txt", { headers: { depth: "0" }, body: askFor("lockdiscovery") });
  assert.match(seen.text, /<d:owner>Eve<.*<d:lockroot><d:href>\/dav\/plans\/a\.txt</s);
  assert.doesNotMatch(seen.text, /urn:uuid/);
  assert.equal((await owner("UNLOCK", "/plans/a.txt", { headers: { "lock-token": token } })).status, 403);
  assert.equal((await eve("UNLOCK", "/eve's/a.txt", { headers: { "lock-token": token } })).status, 204);
  assert.equal((await eve("MOVE", "/eve's/a.txt", destination("/own.txt"))).status, 201);
  assert.equal((await owner("GET", "/plans/a.txt")).status, 404);
  assert.equal((await eve("GET", "/own.txt")).text, "abc");
  const stranger = davOf(await server.signUp("sam"));
  assert.equal((await stranger("PROPFIND", "/plans", { headers: { depth: "0" } })).status, 404);
});
