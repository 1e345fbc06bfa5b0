import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeEntryId, makeWorkspaceId, type ChunkHash } from "@satchel/protocol";
import { rights, roleAllows } from "../../features/authorisation/right.ts";
import { issueAccessToken } from "../../features/identity/access-token.ts";
import { signChunkUrl } from "../../features/chunks/chunk-url.ts";
import type { WorkspaceRole } from "../../storage/metadata/access-store.ts";
import type { StatedRoute } from "../route-context.ts";
import { call, sha256, startTestServer, type TestDevice, type TestServer } from "../test-server.fixture.ts";
import { ownRootOnly, routeRequests, send, testedElsewhere, type Named } from "./route-requests.fixture.ts";

const piece = Buffer.from("shared bytes");

/** Ann's workspace, with a file, in which others have roles. */
async function startWorld(t: Parameters<typeof startTestServer>[0]) {
  const server = await startTestServer(t);
  const owner = await server.signUp("ann");
  const file = await owner.putFile("file.txt", piece.toString());
  const members = { editor: await server.signUp("eve"), viewer: await server.signUp("vic") };
  for (const role of ["editor", "viewer"] as const) await join(server, owner, members[role], role);
  const disabled = await server.signUp("dan");
  await join(server, owner, disabled, "editor");
  await server.core.accounts.setDisabled("dan", true);
  const stranger = await server.signUp("sam");
  const revoked = await server.signIn("ann");
  const path = `${server.url}/v1/devices/${revoked.login.device_id}`;
  assert.equal((await call(path, "DELETE", { headers: owner.authorization })).status, 200);
  const named = async (): Promise<Named> => ({
    workspaceId: owner.login.workspace_id,
    folderId: owner.root,
    fileId: file.id,
    versionId: file.versionId,
    cursor: await owner.cursor(),
    freeName: randomBytes(8).toString("hex"),
    freeId: owner.newId(),
    piece,
  });
  return { server, owner, ...members, stranger, revoked, disabled, named };
}

async function join(server: TestServer, owner: TestDevice, device: TestDevice, role: "editor" | "viewer") {
  const { workspace_id: workspaceId } = owner.login;
  await server.metadata.access.putMember({ workspaceId, accountId: device.login.account_id, role, nowMs: 1 });
}

function nameOf({ method, url }: StatedRoute): string {
  return `${method} ${url}`;
}

function scopeOf({ right }: StatedRoute) {
  return right && rights[right];
}

test("[SE1] every route that isn't public states a right, and one that doesn't can't be registered", async (t) => {
  const { app } = await startTestServer(t);
  assert.ok(app.routeTable.length >= 28);
  for (const route of app.routeTable)
    assert.equal(route.right === undefined, /^(public|page)$/.test(route.access), nameOf(route));
  const withRoute = (config: object) =>
    startTestServer(t, { prepare: (prepared) => void prepared.get("/new", { config }, () => "x") });
  await assert.rejects(withRoute({}), /doesn't say who may call it/);
  await assert.rejects(withRoute({ access: "account" }), /doesn't say which right it needs/);
  await assert.rejects(withRoute({ access: "public", right: "files.read" }), /is public, and states a right/);
  await assert.rejects(withRoute({ access: "signed-url", right: "account.read" }), /needs a right in a workspace/);
});

test("[SE1] no route changes anything or shows anything of an account to nobody, but those that sign in and tell of health", async (t) => {
  const { app } = await startTestServer(t);
  const open = app.routeTable.filter(({ access }) => access === "public").map(nameOf);
  const expected =
    /^(GET|HEAD|POST) (\/v1\/auth\/|\/healthz|\/readyz|\/metrics|\/openapi\.json)|^OPTIONS \/(dav|remote\.php|v1\/uploads)|^GET \/(status\.php|index\.php\/204)$/;
  for (const name of open) assert.match(name, expected);
});

test("[SE2] [SE3] each role may on each route of a workspace what its rights say; strangers find nothing", async (t) => {
  const world = await startWorld(t);
  let asked = 0;
  for (const route of world.server.app.routeTable) {
    const name = nameOf(route);
    if (route.access !== "account" || scopeOf(route)?.in !== "workspace") continue;
    if (ownRootOnly.has(name) || testedElsewhere.has(name)) continue;
    const request = routeRequests[name];
    assert.ok(request, `${name} needs a line in route-requests.fixture.ts`);
    for (const role of ["owner", "editor", "viewer"] satisfies WorkspaceRole[]) {
      const answer = await send(world[role], route.method, request(await world.named()));
      const allowed = route.right && roleAllows(role, route.right);
      // 204: there is no picture of a text.
      if (allowed) assert.ok([200, 204].includes(answer.status), `${name} as ${role}: ${JSON.stringify(answer.body)}`);
      else assert.deepEqual([answer.status, answer.body.code], [403, "forbidden"], `${name} as ${role}`);
      asked += 1;
    }
    const answer = await send(world.stranger, route.method, request(await world.named()));
    assert.deepEqual([answer.status, answer.body.code], [404, "not_found"], `${name} as a stranger`);
  }
  assert.ok(asked >= 42, `${asked} requests`);
});

test("[SE5] on every route, a revoked device, a disabled account, an expired and an invented token are sent away before anything is looked at", async (t) => {
  const world = await startWorld(t);
  const { server } = world;
  const late = await server.signIn("ann");
  server.moveClock(601_000);
  const away: readonly [string, Record<string, string>][] = [
    ["login_revoked", freshToken(server, world.revoked)],
    ["login_revoked", freshToken(server, world.disabled)],
    ["token_expired", late.authorization],
    ["unauthenticated", { authorization: "Bearer sat1.e30.e30" }],
    ["unauthenticated", {}],
  ];
  for (const { access, method, url } of server.app.routeTable) {
    if (access !== "account") continue;
    for (const [code, headers] of away) {
      const { status, body } = await call(server.url + url, method, { headers });
      // An answer to HEAD has no body to say why.
      assert.deepEqual([status, method === "HEAD" ? code : body.code], [401, code], `${method} ${url}`);
    }
  }
});

/** The same device with a token of now, as if it had been refreshed just before the login ended. */
function freshToken(server: TestServer, { login }: TestDevice) {
  const claims = { accountId: login.account_id, deviceId: login.device_id, expiresAtMs: server.nowMs() + 60_000 };
  return { authorization: `Bearer ${issueAccessToken(server.keys.accessToken, claims)}` };
}

test("[SE2] what is for administrators is not there for others, and what is about an account means the caller's own", async (t) => {
  const world = await startWorld(t);
  for (const route of world.server.app.routeTable) {
    if (scopeOf(route)?.in === "server") {
      const answer = await call(world.server.url + route.url, route.method, { headers: world.owner.authorization });
      assert.deepEqual([answer.status, answer.body.code], [404, "not_found"], nameOf(route));
    }
    if (ownRootOnly.has(nameOf(route))) {
      const answer = await world.stranger.get(`${route.url}?path=/file.txt`);
      assert.doesNotMatch(JSON.stringify(answer.body), /file\.txt/, nameOf(route));
    }
  }
});

test("[SE6] a signed address is good while the device that it was made for may use the workspace", async (t) => {
  const world = await startWorld(t);
  const { server, owner } = world;
  const url = (method: "GET" | "PUT", device: TestDevice) =>
    server.url +
    signChunkUrl(
      server.keys.chunkUrl,
      {
        method,
        workspaceId: owner.login.workspace_id,
        deviceId: device.login.device_id,
        hash: sha256(piece) as ChunkHash,
        sizeBytes: piece.length,
      },
      server.nowMs(),
    );
  const get = async (device: TestDevice) => (await call(url("GET", device), "GET")).status;
  const put = async (device: TestDevice) => (await call(url("PUT", device), "PUT", { raw: piece })).status;
  for (const device of [owner, world.editor, world.viewer]) assert.equal(await get(device), 200);
  for (const device of [owner, world.editor]) assert.equal(await put(device), 200);
  assert.equal(await put(world.viewer), 403);
  for (const device of [world.stranger, world.revoked, world.disabled]) {
    const answers = [await call(url("GET", device), "GET"), await call(url("PUT", device), "PUT", { raw: piece })];
    for (const { status, body } of answers) assert.deepEqual([status, body.code], [403, "url_expired"]);
  }
  const { workspace_id: workspaceId } = owner.login;
  const { account_id: accountId } = world.editor.login;
  await server.metadata.access.removeMember(workspaceId, accountId);
  server.bus.publish({ kind: "rights_changed", workspaceId, accountId });
  assert.deepEqual([await get(world.editor), await put(world.editor)], [403, 403]);
});

test("[SE7] connections and polls end when the rights in the workspace do", async (t) => {
  const { server, owner, viewer } = await startWorld(t);
  const { workspace_id: workspaceId } = owner.login;
  const listening = await viewer.listen(t, `?workspace_id=${workspaceId}`);
  await owner.putFile("second.txt", "x");
  assert.equal((await listening.next<{ file_path: string }>()).file_path, "/second.txt");
  const poll = viewer.get(`/v1/sync/poll?workspace_id=${workspaceId}&cursor=${await owner.cursor()}&timeout=20`);
  await new Promise((resolve) => setImmediate(resolve));
  const { account_id: accountId } = viewer.login;
  await server.metadata.access.removeMember(workspaceId, accountId);
  server.bus.publish({ kind: "rights_changed", workspaceId, accountId });
  assert.equal(await listening.closed, 4403);
  assert.equal((await poll).status, 404);
  await assert.rejects(viewer.listen(t, `?workspace_id=${workspaceId}`), /404/);
});

test("[SE3] asked by a stranger, what others have takes the very same steps as what doesn't exist", async (t) => {
  const world = await startWorld(t);
  const steps: string[] = [];
  for (const section of ["access", "tree", "history", "ledger", "uploads"] as const)
    watch(world.server, section, steps);
  const absent = makeWorkspaceId(randomBytes(idPartBytes));
  for (const [name, request] of Object.entries(routeRequests)) {
    const there = await world.named();
    const id = () => makeEntryId(absent, randomBytes(idPartBytes));
    const none: Named = { ...there, workspaceId: absent, folderId: id(), fileId: id(), freeId: id() };
    const taken = [];
    for (const named of [there, none]) {
      // Beyond what is remembered of roles, and for all routes together within the time of a token.
      world.server.moveClock(5000);
      steps.length = 0;
      const { status, body, headers } = await send(world.stranger, name.split(" ")[0] ?? "", request(named));
      const { request_id: _, ...shown } = body;
      taken.push({ status, shown, steps: [...steps], headers: [...headers.keys()] });
    }
    assert.deepEqual(taken[0], taken[1], name);
    assert.equal(taken[0]?.status, 404, name);
  }
});

/** Notes each call of the store. */
function watch(
  server: TestServer,
  section: "access" | "tree" | "history" | "ledger" | "uploads",
  steps: string[],
): void {
  const store = server.metadata[section] as unknown as Record<string, (...parameters: unknown[]) => unknown>;
  for (const [method, original] of Object.entries(store)) {
    store[method] = (...parameters) => {
      steps.push(`${section}.${method}`);
      return original(...parameters);
    };
  }
}
